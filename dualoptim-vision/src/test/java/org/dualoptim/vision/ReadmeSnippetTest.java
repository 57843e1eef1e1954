package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import java.util.List;
import java.util.stream.LongStream;
import org.dualoptim.core.optim.AdamW;
import org.dualoptim.core.optim.Betas;
import org.dualoptim.core.optim.Dual;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.run.Progress;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.vision.method.SfrOn;
import org.junit.jupiter.api.Test;

/** Runs what the README shows. */
class ReadmeSnippetTest {

  @Test
  void theFrontDoorForgetsAsTheReadmeSays() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Model model = Clouds.trainedModel(manager)) {
      ArrayDataset train = Clouds.train(manager);
      ArrayDataset test = Clouds.test(manager);
      List<Long> deleted = LongStream.range(0, 12).boxed().toList();
      List<Long> kept = LongStream.range(12, train.size()).boxed().toList();

      // tag::front-door
      Unlearning.Result result =
          Unlearning.of(model) // your ai.djl.Model or Block
              .forget(train.subDataset(deleted)) // your RandomAccessDataset: the rows that must go
              .retain(train.subDataset(kept))
              .test(test)
              .method(new SfrOn(2, 0.5, 7, 1))
              .optimizer(
                  new Dual( // DualOptim: one optimizer state for forgetting, another for retaining
                      new AdamW(0.01, new Betas(0.9, 0.999), 1e-8, 0.05, AdamW.Decay.BEFORE),
                      new Sgd(0.01, 0.9, 5e-4, false)))
              .schedule(
                  new Schedule.Steps(
                      1, 5, 0, 20, Schedule.Clock.RETAIN, new LrSchedule.Cosine(100.0)))
              .batchSize(16)
              .progress(Progress.log())
              .run();
      double forgotten = result.after().get(Metric.FA); // accuracy on the deleted rows, percent
      // end::front-door

      assertThat(result.steps()).isEqualTo(120);
      assertThat(result.before().get(Metric.FA)).isGreaterThan(90);
      assertThat(forgotten).isLessThan(result.before().get(Metric.FA));
      assertThat(result.after().get(Metric.RA)).isGreaterThan(80);
    }
  }
}
