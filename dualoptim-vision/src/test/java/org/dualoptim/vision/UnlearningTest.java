package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.List;
import java.util.stream.LongStream;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.vision.method.FineTune;
import org.dualoptim.vision.method.GradientAscent;
import org.dualoptim.vision.method.RandomLabel;
import org.dualoptim.vision.method.SalUn;
import org.dualoptim.vision.method.Scrub;
import org.dualoptim.vision.method.VisionMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnlearningTest {
  private static final Schedule ALTERNATE =
      new Schedule.Passes(1, 1, null, 2, new LrSchedule.Constant());

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final Block network = Clouds.network(manager, Clouds.CLASSES);
  private final RandomAccessDataset forget = rows(0, 12);
  private final RandomAccessDataset retain = rows(12, 72);

  @AfterEach
  void close() {
    manager.close();
  }

  private RandomAccessDataset rows(int from, int to) {
    return Clouds.train(manager).subDataset(LongStream.range(from, to).boxed().toList());
  }

  private Unlearning whole(VisionMethod method) {
    return Unlearning.of(network)
        .forget(forget)
        .retain(retain)
        .method(method)
        .optimizer(new Shared(new Sgd(0.05, 0.9, 0, false), null, null))
        .schedule(ALTERNATE)
        .batchSize(16);
  }

  @Test
  void randomLabelsMakeATrainedModelForgetItsOddRows() {
    try (Model model = Clouds.trainedModel(manager)) {
      Unlearning.Result result =
          Unlearning.of(model)
              .forget(forget)
              .retain(retain)
              .test(Clouds.test(manager))
              .method(new RandomLabel(RandomLabel.Form.ALTERNATE))
              .optimizer(new Shared(new Sgd(0.05, 0.9, 0, false), null, null))
              .schedule(new Schedule.Passes(1, 1, null, 5, new LrSchedule.Constant()))
              .batchSize(16)
              .run();

      assertThat(result.before().get(Metric.FA)).isGreaterThan(90);
      assertThat(result.after().get(Metric.FA)).isLessThan(80);
      assertThat(result.after().get(Metric.RA)).isGreaterThan(90);
      assertThat(result.after().values())
          .containsOnlyKeys(Metric.FA, Metric.RA, Metric.TA, Metric.MIA);
      assertThat(result.toString()).startsWith("FA ").contains("\nMIA ").hasLineCount(4);
      assertThat(result.steps()).isEqualTo(25);
    }
  }

  @Test
  void withoutATestSetOnlyWhatItDoesNotNeedIsMeasured() {
    Unlearning.Result result = whole(new SalUn(0.5)).run();

    assertThat(result.before().values()).containsOnlyKeys(Metric.FA, Metric.RA);
    assertThat(result.after().values()).containsOnlyKeys(Metric.FA, Metric.RA);
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    Parameters parameters = Parameters.of(network);
    var start = parameters.snapshot(manager);
    whole(new Scrub(0.5, 1)).seed(4).run();
    List<float[]> first = values(parameters);
    parameters.restore(start);
    whole(new Scrub(0.5, 1)).seed(4).run();
    List<float[]> again = values(parameters);
    parameters.restore(start);
    whole(new Scrub(0.5, 1)).seed(5).run();

    assertThat(again).usingRecursiveComparison().isEqualTo(first);
    assertThat(values(parameters).get(0)).isNotEqualTo(first.get(0));
  }

  private static List<float[]> values(Parameters parameters) {
    return parameters.arrays().stream().map(NDArray::toFloatArray).toList();
  }

  @Test
  void jointTrainingReadsBothSets() {
    Schedule joint = new Schedule.Passes(null, null, 1, 2, new LrSchedule.Constant());

    assertThat(whole(new RandomLabel(RandomLabel.Form.JOINT)).schedule(joint).run().steps())
        .isEqualTo(10);
  }

  @Test
  void afterwardsArraysThatTookNoGradientTakeNoneAgain() {
    NDArray weight = Parameters.of(network).arrays().get(0);
    weight.setRequiresGradient(false);
    float[] before = weight.toFloatArray();

    whole(new FineTune())
        .schedule(new Schedule.Passes(null, 1, null, 1, new LrSchedule.Constant()))
        .run();

    assertThat(weight.toFloatArray()).isNotEqualTo(before);
    assertThat(weight.hasGradient()).isFalse();
    assertThat(Parameters.of(network).arrays().get(1).hasGradient()).isTrue();
  }

  @Test
  void aMissingPieceIsNamedWithTheCallThatGivesIt() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Unlearning.of(network).retain(retain).run())
        .withMessage(
            "unlearning needs one more piece: call forget(dataset) with the rows to forget");
    assertThatIllegalStateException()
        .isThrownBy(() -> Unlearning.of(network).forget(forget).run())
        .withMessage("unlearning needs one more piece: call retain(dataset) with the rows to keep");
    assertThatIllegalStateException()
        .isThrownBy(() -> Unlearning.of(network).forget(forget).retain(retain).run())
        .withMessageContaining("call method(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> whole(new GradientAscent()).optimizer(null).run())
        .withMessageContaining("call optimizer(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> whole(new GradientAscent()).schedule(null).run())
        .withMessageContaining("call schedule(...)");
  }

  @Test
  void aModelThatCannotForgetSaysWhy() {
    try (Model empty = Model.newInstance("empty", "PyTorch")) {
      assertThatIllegalStateException()
          .isThrownBy(() -> Unlearning.of(empty))
          .withMessageContaining("setBlock");
    }
    Block untrained = new SequentialBlock().add(Linear.builder().setUnits(3).build());
    assertThatIllegalStateException()
        .isThrownBy(() -> Unlearning.of(untrained).run())
        .withMessage("the model has no weights yet: load or train it first");
    Block single = Clouds.network(manager, 1);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Unlearning.of(single)
                    .forget(forget)
                    .retain(retain)
                    .method(new GradientAscent())
                    .optimizer(new Shared(new Sgd(0.05, 0.9, 0, false), null, null))
                    .schedule(ALTERNATE)
                    .batchSize(4)
                    .run())
        .withMessageContaining("logits [1, classes]");
  }

  @Test
  void aLastBatchOfOneRowIsRefusedWhereBatchNormalisationCannotTrainOnIt() {
    List<float[]> before = values(Parameters.of(network));
    assertThatIllegalStateException()
        .isThrownBy(() -> whole(new GradientAscent()).batchSize(11).run())
        .withMessage(
            "batchSize must leave no batch of one row, on which this network's batch normalisation cannot train, but 11 leaves one of 12 rows");
    assertThat(values(Parameters.of(network))).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void aLastBatchOfOneRowTrainsANetworkWithoutBatchNormalisation() {
    Block linear = Linear.builder().setUnits(Clouds.CLASSES).build();
    linear.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
    Unlearning.Result result =
        Unlearning.of(linear)
            .forget(forget)
            .retain(retain)
            .method(new GradientAscent())
            .optimizer(new Shared(new Sgd(0.05, 0.9, 0, false), null, null))
            .schedule(new Schedule.Passes(1, null, null, 1, new LrSchedule.Constant()))
            .batchSize(11)
            .run();
    assertThat(result.after().get(Metric.FA)).isBetween(0.0, 100.0);
  }

  @Test
  void datasetsThatDoNotFitAreRefused() {
    ArrayDataset unlabelled =
        new ArrayDataset.Builder()
            .setData(manager.zeros(new Shape(4, 2)))
            .setSampling(4, false)
            .build();
    ArrayDataset oneHot =
        new ArrayDataset.Builder()
            .setData(manager.zeros(new Shape(4, 2)))
            .optLabels(manager.zeros(new Shape(4, 3)))
            .setSampling(4, false)
            .build();

    assertThatThrownBy(() -> whole(new GradientAscent()).retain(unlabelled).run())
        .hasMessageContaining("no labels");
    assertThatThrownBy(() -> whole(new GradientAscent()).retain(oneHot).run())
        .hasMessageContaining("one class index");
  }
}
