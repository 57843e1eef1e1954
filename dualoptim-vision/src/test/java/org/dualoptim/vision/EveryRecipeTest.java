package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.Progress;
import org.dualoptim.core.run.Report;
import org.dualoptim.core.run.Trial;
import org.dualoptim.core.run.TrialEngine;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialStore;
import org.dualoptim.eval.EvalModule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every recipe that ships, from data to table, at toy size. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryRecipeTest {
  private static final int ROW = 3073;
  private static final int TRAIN_ROWS = 60;

  /** What makes a recipe small; keys that a recipe does not have stay unused. */
  static final List<String> TOY =
      List.of(
          "data.source.count_train=60",
          "data.source.count_test=20",
          "data.split.forget_count=6",
          "data.batch_size=16",
          "model.architecture.width=2",
          "schedule.epochs=1",
          "schedule.cycles=1",
          "evaluation.points=1");

  private final Map<String, Domain> domains =
      Guice.createInjector(new CoreModule(), new EvalModule(), new VisionModule())
          .getInstance(Key.get(new TypeLiteral<Map<String, Domain>>() {}));

  private Path folder;

  static Stream<String> recipes() {
    return Recipes.list().stream()
        .filter(name -> name.startsWith("vision/") && !name.contains("-search/"));
  }

  static Stream<String> searches() {
    return Recipes.list().stream().filter(name -> name.contains("-search/"));
  }

  /** Random pixels with balanced labels in CIFAR-10's binary layout. */
  @BeforeAll
  void drawImages(@TempDir Path fresh) throws IOException {
    folder = fresh;
    Random random = new Random(1);
    for (String file :
        List.of(
            "data_batch_1",
            "data_batch_2",
            "data_batch_3",
            "data_batch_4",
            "data_batch_5",
            "test_batch")) {
      byte[] rows = new byte[ROW * TRAIN_ROWS];
      random.nextBytes(rows);
      for (int i = 0; i < TRAIN_ROWS; i++) {
        rows[i * ROW] = (byte) (i % 10);
      }
      Files.write(folder.resolve(file + ".bin"), rows);
    }
  }

  private TrialEngine engine(List<String> overrides, int trials) {
    return new TrialEngine(
        new Recipes(Recipes.overrides(overrides)),
        domains,
        new TrialStore(folder.resolve("runs")),
        new TrialEngine.Options(folder, false, false, trials, Duration.ofHours(1)),
        Progress.none(),
        () -> false);
  }

  /** A mask that another run left gives the same weights as one that the run computes itself. */
  @Test
  void methodsThatStartAlikeShareTheirMask() throws IOException {
    TrialEngine engine = engine(TOY, 1);
    List<Trial> trials = engine.trials("vision/shapes/salun-do");
    TrialResult computed = last(engine.bringUpToDate(trials));
    Path masks = computed.folder().resolveSibling(trials.get(0).parents().get("start").id());
    byte[] weights = Files.readAllBytes(computed.folder().resolve("weights.safetensors"));
    assertThat(masks.resolve("artefacts")).isNotEmptyDirectory();

    new TrialStore(folder.resolve("runs")).remove(computed.folder());
    TrialResult again = last(engine.bringUpToDate(trials));

    assertThat(Files.readAllBytes(again.folder().resolve("weights.safetensors")))
        .isEqualTo(weights);
  }

  private static TrialResult last(List<TrialResult> results) {
    return results.get(results.size() - 1);
  }

  @Test
  void thereAreRecipesForEveryRowOfTable1a() {
    assertThat(recipes().filter(name -> name.startsWith("vision/cifar10-resnet18-random10/")))
        .hasSize(11);
    assertThat(recipes()).hasSizeGreaterThanOrEqualTo(36);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void aRecipeRunsFromDataToTable(String name) throws IOException {
    TrialEngine engine = engine(TOY, 1);

    List<TrialResult> results = engine.bringUpToDate(engine.trials(name));

    TrialResult own = last(results);
    assertThat(own.recipe()).isEqualTo(name);
    assertThat(own.status()).isEqualTo("finished");
    assertThat(own.metrics()).containsKeys("ra", "ta");
    assertThat(own.folder().resolve("weights.safetensors")).exists();
    Report report = domains.get("vision").report(results);
    report.write(folder.resolve("report"));
    assertThat(report.table(OptionalInt.empty())).contains(own.title());
  }

  @Test
  void anOrderOfTransformsThatTheMethodDoesNotHaveIsAMistakeOfTheRecipe() throws IOException {
    String text =
        Recipes.text("vision/shapes/sfron-do")
            .replaceAll("\"(pretrain|retrain)\"", "\"vision/shapes/$1\"");
    Path own = folder.resolve("own.toml");
    Files.writeString(own, text + "\n[transforms]\nforget = [\"clip\"]\n");
    TrialEngine engine = engine(TOY, 1);
    List<Trial> trials = engine.trials(own.toString());
    assertThatThrownBy(() -> engine.bringUpToDate(trials))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith(
            "own.toml: transforms.forget must order exactly [mask, clip], got [clip]");
  }

  @Test
  @Timeout(60)
  void aLearningRateThatIsFarTooHighEndsAsADivergedRun() {
    List<String> set = new ArrayList<>(TOY);
    set.add("optimizer.retain.lr=1e30");
    TrialEngine engine = engine(set, 1);

    List<TrialResult> results = engine.bringUpToDate(engine.trials("vision/shapes/sfron-do"));

    TrialResult own = results.get(results.size() - 1);
    assertThat(own.diverged()).isTrue();
    assertThat(own.note()).startsWith("diverged at step ");
    assertThat(domains.get("vision").report(results).table(OptionalInt.empty()))
        .contains("diverged at step ");
  }

  @Test
  void aMethodWhoseReferenceDivergedIsARowThatSaysSo() {
    List<String> set = new ArrayList<>(TOY);
    set.add("optimizer.optimizer.lr=1e30"); // of pretraining and retraining
    TrialEngine engine = engine(set, 1);

    List<TrialResult> results = engine.bringUpToDate(engine.trials("vision/shapes/sfron-do"));

    assertThat(domains.get("vision").report(results).table(OptionalInt.of(200)))
        .containsPattern("RT \\[\\d] +- +- +- +- +- +- +\\d+")
        .containsPattern("SFRon\\+DO \\[\\d] +- +- +- +- +- +- +-")
        .contains("seed 2 did not start: its start pretrain-s1-");
  }

  @Test
  void aRunThatAMeasurementFindsDivergedIsAResultThatSaysSo() {
    List<String> set = new ArrayList<>(TOY);
    set.add("optimizer.retain.lr=1e30");
    set.add("evaluation.points=1000"); // after every step, before the next loss would tell
    TrialEngine engine = engine(set, 1);

    TrialResult own = last(engine.bringUpToDate(engine.trials("vision/shapes/sfron-do")));

    assertThat(own.note())
        .matches("diverged at step 1 \\(retain\\): the largest logit of row 0 is .*");
    assertThat(own.metrics()).isEmpty();
    assertThat(own.facts()).containsKeys("forget_images", "parameters", "optimizer_retain_t");
    assertThat(own.provenance().trainSeconds()).isPositive();
  }

  @Test
  void aMethodAScheduleAndAnOptimizerThatDoNotFitAreRefusedBeforeAnythingIsComputed()
      throws IOException {
    assertThatThrownBy(
            () ->
                engine(List.of(), 1)
                    .trials(changed("ft", "retain = 1\n", "forget = 1\nretain = 1\n").toString()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("changed.toml: ")
        .hasMessageEndingWith(
            "schedule: has forget steps, but the method has no part for them; set schedule.forget to 0");
    assertThatThrownBy(
            () ->
                engine(List.of(), 1)
                    .trials(
                        changed("salun-do", "kind = \"salun\"", "kind = \"rl\"\nform = \"joint\"")
                            .toString()))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("changed.toml: ");
  }

  @Test
  void aRecipeThatTrainsAnewHasNoStart() throws IOException {
    Path own = changed("ft", "kind = \"ft\"", "kind = \"retrain\"");
    TrialEngine engine = engine(TOY, 1);
    List<Trial> trials = engine.trials(own.toString());
    assertThatThrownBy(() -> engine.bringUpToDate(trials))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith(
            "changed.toml: needs.start: Retrain trains from fresh weights; leave it out, or use method.kind = \"ft\"");
  }

  /** A recipe of the shapes with one text in the place of another. */
  private Path changed(String name, String text, String by) throws IOException {
    String recipe =
        Recipes.text("vision/shapes/" + name)
            .replaceAll("\"(pretrain|retrain)\"", "\"vision/shapes/$1\"");
    assertThat(recipe).contains(text);
    return Files.writeString(folder.resolve("changed.toml"), recipe.replace(text, by));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aSearchListsATrialForEveryValueOfItsAxis(String name) {
    List<Trial> trials = engine(TOY, 1).trials(name);

    assertThat(trials).hasSizeGreaterThanOrEqualTo(2);
    assertThat(trials.stream().map(Trial::id).distinct()).hasSameSizeAs(trials);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void theHeaderNamesItsOwnLaunchLine(String name) {
    List<String> header =
        Recipes.text(name).lines().takeWhile(line -> line.startsWith("#")).toList();

    assertThat(header).anyMatch(line -> line.startsWith("# dualoptim run vision/"));
    assertThat(header)
        .anyMatch(line -> line.startsWith("# Needs: "))
        .anyMatch(line -> line.startsWith("# Costs: "));
  }
}
