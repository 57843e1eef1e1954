package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Utils;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.InterruptedRunException;
import org.dualoptim.core.run.ProcessFile;
import org.dualoptim.core.run.Progress;
import org.dualoptim.core.run.TrialEngine;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialRun;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.eval.EvalModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trial may be stopped while its mask is computed, in a step or while it is evaluated. */
class InterruptionTest {
  private static final String RECIPE = "vision/shapes/sfron-do";

  private static final List<String> TOY =
      Stream.concat(
              EveryRecipeTest.TOY.stream()
                  .map(set -> set.replace("evaluation.points=1", "evaluation.points=2")),
              Stream.of("data.augmentation={ kind = \"pad-crop-flip\", pad = 2, flip = 0.5 }"))
          .toList();

  @TempDir Path root;

  private final Map<String, Domain> domains =
      Guice.createInjector(new CoreModule(), new EvalModule(), new VisionModule())
          .getInstance(Key.get(new TypeLiteral<Map<String, Domain>>() {}));

  private TrialResult run(String recipe, BooleanSupplier interrupted) {
    TrialEngine engine =
        new TrialEngine(
            new Recipes(Recipes.overrides(TOY)),
            domains,
            new TrialStore(root),
            new TrialEngine.Options(null, true, false, 1, Duration.ofDays(1)),
            Progress.none(),
            interrupted);
    List<TrialResult> results = engine.bringUpToDate(engine.trials(recipe));
    return results.get(results.size() - 1);
  }

  @Test
  void aTrialThatIsStoppedWhereverItAsksEndsAsIfItHadNotBeen() throws IOException {
    Path pretrained = run("vision/shapes/pretrain", () -> false).folder();
    run("vision/shapes/retrain", () -> false);
    AtomicInteger all = new AtomicInteger();
    TrialResult expected = run(RECIPE, () -> all.incrementAndGet() < 0);
    Map<Integer, Map<String, Double>> process = ProcessFile.read(expected.folder());
    byte[] weights = weights(expected);
    assertThat(all)
        .as("5 batches for the mask, steps, 3 evaluations of 3 sets of a batch each")
        .hasValue(5 + expected.provenance().steps() + 3 * 3);

    // every third: in the mask, in each evaluation and in the steps between them
    for (int stop = 1; stop <= all.get(); stop += 3) {
      Utils.deleteQuietly(expected.folder());
      Utils.deleteQuietly(pretrained.resolve("artefacts"));
      AtomicInteger left = new AtomicInteger(stop);
      assertThatThrownBy(() -> run(RECIPE, () -> left.decrementAndGet() == 0))
          .as("stop %d", stop)
          .isInstanceOf(InterruptedRunException.class);
      TrialResult resumed = run(RECIPE, () -> false);
      assertThat(resumed.metrics()).as("stop %d", stop).isEqualTo(expected.metrics());
      assertThat(ProcessFile.read(resumed.folder())).isEqualTo(process);
      assertThat(weights(resumed)).as("weights, stop %d", stop).isEqualTo(weights);
    }
  }

  private static byte[] weights(TrialResult result) throws IOException {
    return Files.readAllBytes(result.folder().resolve(TrialRun.WEIGHTS));
  }
}
