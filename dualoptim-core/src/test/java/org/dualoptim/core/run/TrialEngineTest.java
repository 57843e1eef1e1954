package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialEngineTest {
  @TempDir Path root;

  private final ToyDomain domain = new ToyDomain();

  private TrialEngine engine(
      TrialEngine.Options options, BooleanSupplier interrupted, String... set) {
    return new TrialEngine(
        new Recipes(Recipes.overrides(List.of(set))),
        Map.of("toy", domain),
        new TrialStore(root),
        options,
        Progress.none(),
        interrupted);
  }

  private static TrialEngine.Options options(boolean resume, boolean fresh, int trials) {
    return new TrialEngine.Options(null, resume, fresh, trials, Duration.ofDays(1));
  }

  private TrialEngine plain(String... set) {
    return engine(options(false, false, 0), () -> false, set);
  }

  private static List<TrialResult> run(TrialEngine engine, String recipe) {
    return engine.bringUpToDate(engine.trials(recipe));
  }

  private Path recipe(String name, String text) throws IOException {
    return Files.writeString(root.resolve(name), text);
  }

  // ---- which trials a recipe stands for ----

  @Test
  void everyCombinationOfTheAxesIsATrial() {
    List<Trial> trials = plain().trials("toy/forget");
    assertThat(trials)
        .extracting(
            trial -> trial.seed() + " " + trial.resolved().at("/optimizer/forget/lr").asDouble())
        .containsExactly("1 0.01", "1 0.02", "2 0.01", "2 0.02");
    assertThat(trials).extracting(Trial::id).doesNotHaveDuplicates();
  }

  @Test
  void fewerSeedsMayBeAskedFor() {
    assertThat(engine(options(false, false, 1), () -> false).trials("toy/forget"))
        .extracting(Trial::seed)
        .containsExactly(1L, 1L);
  }

  @Test
  void aParentTakesTheChildsPlaceOnItsOwnAxes() {
    assertThat(plain().trials("toy/forget"))
        .allSatisfy(
            trial -> assertThat(trial.parents().get("start").seed()).isEqualTo(trial.seed()));
    assertThat(plain("seed=7").trials("toy/forget"))
        .allSatisfy(trial -> assertThat(trial.parents().get("start").seed()).isEqualTo(7));
  }

  @Test
  void anOverrideReachesParentsAndReplacesItsAxis() {
    List<Trial> trials = plain("width=9", "optimizer.forget.lr=0.5").trials("toy/forget");
    assertThat(trials)
        .hasSize(2)
        .allSatisfy(
            trial -> {
              assertThat(trial.resolved().get("width").asInt()).isEqualTo(9);
              assertThat(trial.parents().get("start").resolved().get("width").asInt()).isEqualTo(9);
            });
  }

  @Test
  void anIdHashesWhatTheResultDependsOn() {
    String id = plain().trials("toy/forget").get(0).hash();
    assertThat(plain().trials("toy/forget").get(0).hash()).isEqualTo(id);
    assertThat(plain("schedule.cycles=5").trials("toy/forget").get(0).hash()).isNotEqualTo(id);
    assertThat(plain("schedule.epochs=2").trials("toy/forget").get(0).hash())
        .as("a parent's key")
        .isNotEqualTo(id);
  }

  @Test
  void anIdDependsNeitherOnLabelsNorOnHowANumberIsWritten() {
    Trial trial = plain().trials("toy/forget").get(0);
    ObjectNode retold = trial.resolved().deepCopy();
    retold.put("title", "another");
    retold.putObject("paper").put("table", "1a").put("row", "another");
    retold.put("width", trial.resolved().get("width").asDouble());
    assertThat(retold).isNotEqualTo(trial.resolved());
    Trial same = new Trial(trial.recipe(), retold, trial.seed(), trial.data(), trial.parents());

    assertThat(same.hash()).isEqualTo(trial.hash());
    retold.put("width", 0.5);
    assertThat(same.hash()).isNotEqualTo(trial.hash());
    retold.put("width", Double.POSITIVE_INFINITY);
    assertThat(same.hash()).isNotEqualTo(trial.hash());
  }

  @Test
  void anIdIsTheNameOfOneFolderWhereverTheRecipeLies() throws IOException {
    Files.createDirectories(root.resolve("exp"));
    recipe("exp/own.toml", Recipes.text("toy/pretrain"));
    for (String name : List.of(root + "/exp/own.toml", root + "\\exp\\own.toml")) {
      assertThat(plain().trials(name))
          .extracting(Trial::id)
          .allMatch(id -> id.matches("own-[\\w-]+"));
    }
  }

  @Test
  void needsThatGoInACircleAreRefused() throws IOException {
    String table =
        "domain = \"toy\"\ntitle = \"T\"\nseed = 1\nwidth = 1\nneeds = { start = \"%s\" }\n";
    Path a = recipe("a.toml", table.formatted("b"));
    recipe("b.toml", table.formatted("c"));
    recipe("c.toml", table.formatted("b"));
    String name = root.resolve("b").toString();
    assertThatThrownBy(() -> plain().trials(a.toString()))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "needs go in a circle: " + name + " needs " + root.resolve("c") + " needs " + name);
  }

  @Test
  void aFileNeedsTheFilesBesideIt() throws IOException {
    Files.writeString(root.resolve("pretrain.toml"), Recipes.text("toy/pretrain"));
    Path own = recipe("own.toml", Recipes.text("toy/forget"));
    assertThat(plain().trials(own.toString()).get(0).parents().get("start").recipe().name())
        .isEqualTo(root.resolve("pretrain").toString());
  }

  @Test
  void parentsAreComputedInTheOrderOfTheRecipeAndTheSameInEveryProcess() throws IOException {
    List<String> roles = List.of("teacher", "start", "reference", "other", "base");
    List<String> needs = new ArrayList<>();
    for (String role : roles) {
      needs.add(role + " = \"of-" + role + "\"");
      recipe("of-" + role + ".toml", Recipes.text("toy/pretrain"));
    }
    Path own =
        recipe(
            "own.toml",
            Recipes.text("toy/forget")
                .replaceFirst("needs = .*", "needs = { " + String.join(", ", needs) + " }"));
    assertThat(plain().trials(own.toString()).get(0).parents().keySet())
        .containsExactlyElementsOf(roles);
  }

  @Test
  void aMistypedRoleIsNotPassedOver() throws IOException {
    String text = Recipes.text("toy/forget");
    Path own = recipe("own.toml", text.replace("start = \"pretrain\"", "strat = \"toy/pretrain\""));
    assertThatThrownBy(() -> plain().trials(own.toString()))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith(
            "own.toml: needs.strat: unknown role; known roles: base, other, reference, start, teacher");
  }

  // ---- bringing them up to date ----

  @Test
  void parentsComeFirstAndEachOnce() {
    List<TrialResult> results = run(plain(), "toy/forget");
    assertThat(results)
        .extracting(TrialResult::title, TrialResult::seed, TrialResult::status)
        .containsExactly(
            tuple("Pretrain", 1L, "finished"),
            tuple("Forget+DO, lr 0.01", 1L, "finished"),
            tuple("Forget+DO, lr 0.02", 1L, "finished"),
            tuple("Pretrain", 2L, "finished"),
            tuple("Forget+DO, lr 0.01", 2L, "finished"),
            tuple("Forget+DO, lr 0.02", 2L, "finished"));
    assertThat(domain.computed).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "optimizer.optimizer = [{kind='sgd', lr=0.1, momentum=0.9, weight_decay=0}, {kind='lion', lr=0.01, betas=[0.9, 0.99], weight_decay=0}]"
            + " | optimizer sgd | optimizer lion",
        "optimizer.optimizer = [{kind='sgd', lr=0.1, momentum=0.9, weight_decay=0}, {kind='sgd', lr=0.2, momentum=0.5, weight_decay=0}]"
            + " | optimizer {\"kind\":\"sgd\",\"lr\":0.1,\"momentum\":0.9,\"weight_decay\":0} | optimizer {\"kind\":\"sgd\",\"lr\":0.2,\"momentum\":0.5,\"weight_decay\":0}",
        "schedule.lr = [{kind='constant'}, {kind='multi-step', milestones=[1], gamma=0.5}]"
            + " | lr constant | lr multi-step",
        "schedule.lr.milestones = [[1], [1, 2]] | milestones [1] | milestones [1,2]"
      })
  void tablesAndListsOnAnAxisAreToldApartInTitles(String axis, String first, String second)
      throws IOException {
    String text =
        Recipes.text("toy/pretrain")
            .replace("seed = [1, 2]", axis)
            .replace(
                "{ kind = \"constant\" }",
                "{ kind = \"multi-step\", milestones = [1], gamma = 0.5 }");
    List<TrialResult> results = run(plain(), recipe("own.toml", text).toString());
    assertThat(results)
        .extracting(TrialResult::title)
        .containsExactly("Pretrain, " + first, "Pretrain, " + second);
  }

  @Test
  void whatIsFinishedIsNotComputedAgain() {
    List<TrialResult> first = run(plain(), "toy/pretrain");
    domain.computed.clear();
    List<TrialResult> second = run(plain(), "toy/pretrain");
    assertThat(domain.computed).isEmpty();
    assertThat(second).isEqualTo(first);
  }

  @Test
  void theSameTrialGivesTheSameNumbersInAnyFolder() {
    List<TrialResult> here = run(plain(), "toy/pretrain");
    TrialEngine there =
        new TrialEngine(
            new Recipes(Map.of()),
            Map.of("toy", domain),
            new TrialStore(root.resolve("there")),
            options(false, false, 0),
            Progress.none(),
            () -> false);
    assertThat(run(there, "toy/pretrain"))
        .extracting(TrialResult::metrics)
        .isEqualTo(here.stream().map(TrialResult::metrics).toList());
  }

  private String interruptedTrial() {
    AtomicInteger left = new AtomicInteger(2);
    assertThatThrownBy(
            () ->
                run(
                    engine(options(false, false, 1), () -> left.decrementAndGet() == 0),
                    "toy/pretrain"))
        .isInstanceOf(InterruptedRunException.class)
        .hasMessageContaining(
            "interrupted after 2 steps; the same command with --resume goes on from");
    String id = domain.computed.get(0);
    domain.computed.clear();
    return id;
  }

  @Test
  void anInterruptionBetweenTrialsBeginsNoOther() {
    assertThatThrownBy(
            () ->
                run(
                    engine(options(false, false, 1), () -> !domain.computed.isEmpty()),
                    "toy/forget"))
        .isInstanceOf(InterruptedRunException.class);
    assertThat(domain.computed).hasSize(1);
  }

  @Test
  void aMeasurementThatIsInterruptedIsMadeByTheResumedRun() {
    TrialResult whole = run(plain(), "toy/pretrain").get(0);
    Path parts = root.resolve("parts");
    domain.asksWhileMeasuring = true;
    AtomicInteger asked = new AtomicInteger();
    TrialEngine engine =
        new TrialEngine(
            new Recipes(Map.of()),
            Map.of("toy", domain),
            new TrialStore(parts),
            options(true, false, 1),
            Progress.none(),
            () -> asked.incrementAndGet() == 4); // after three steps and then at the end
    assertThatThrownBy(() -> run(engine, "toy/pretrain"))
        .isInstanceOf(InterruptedRunException.class)
        .hasMessage(
            "interrupted after 3 steps; the same command with --resume goes on from "
                + parts.resolve(whole.id()).resolve("checkpoint.safetensors"));
    TrialResult resumed = run(engine, "toy/pretrain").get(0);
    assertThat(resumed.metrics()).isEqualTo(whole.metrics());
    assertThat(resumed.provenance().resumed()).isEqualTo(1);
  }

  @Test
  void anInterruptedTrialIsNotTouchedUnasked() {
    String id = interruptedTrial();
    assertThatThrownBy(() -> run(plain(), "toy/pretrain"))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            id
                + " was interrupted earlier; add --resume to go on from its checkpoint, or --fresh to start it over");
    assertThat(domain.computed).as("nothing else is computed before that is said").isEmpty();
    assertThat(root.resolve(id).resolve("checkpoint.safetensors")).exists();
  }

  @Test
  void freshStartsAnInterruptedTrialOver() throws IOException {
    String id = interruptedTrial();
    run(engine(options(false, true, 1), () -> false), "toy/pretrain");
    assertThat(TrialStore.read(root.resolve(id)).orElseThrow().provenance().resumed()).isZero();
    assertThat(root.resolve(id).resolve("telemetry.csv")).content().hasLineCount(4);
  }

  @Test
  void whatAKilledProcessLeftHalfWrittenIsGoneWhenTheTrialIsFinished() throws IOException {
    Path folder = root.resolve(interruptedTrial());
    Path left = Files.writeString(folder.resolve(".checkpoint.safetensors.tmp-4711-0"), "half");
    assertThatThrownBy(() -> run(plain(), "toy/pretrain")).isInstanceOf(RecipeException.class);
    assertThat(left).as("another process may hold the trial").exists();
    run(engine(options(true, false, 1), () -> false), "toy/pretrain");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            ".lock",
            "recipe.json",
            "result.json",
            "process.csv",
            "telemetry.csv",
            "weights.safetensors");
  }

  /** A process that closes a file gives up all its locks on it, so it must not open it to ask. */
  @Test
  void askingInTheProcessThatComputesDoesNotLetOthersIn() throws Exception {
    Trial trial = plain().trials("toy/pretrain").get(0);
    TrialStore store = new TrialStore(root);
    try (Closeable lock = store.lock(trial)) {
      assertThat(TrialStore.locked(store.folder(trial))).isTrue();
      assertThat(lockedForOthers(store.folder(trial))).isTrue();
      assertThatThrownBy(() -> store.remove(store.folder(trial)))
          .hasMessageStartingWith("another process is computing " + trial.id());
      assertThat(lockedForOthers(store.folder(trial))).isTrue();
    }
    assertThat(lockedForOthers(store.folder(trial))).isFalse();
    store.remove(store.folder(trial));
    assertThat(store.folder(trial)).doesNotExist();
  }

  private static boolean lockedForOthers(Path folder) throws Exception {
    return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockMain.class.getName(),
                folder.toString())
            .inheritIO()
            .start()
            .waitFor()
        == 1;
  }

  @Test
  void aTrialThatSomeoneElseIsComputingIsLeftAlone() throws IOException {
    Trial trial = plain().trials("toy/pretrain").get(0);
    TrialStore store = new TrialStore(root);
    String busy =
        "another process is computing "
            + trial.id()
            + " in "
            + root
            + "; wait for it, or choose another folder with --runs";
    try (Closeable lock = store.lock(trial)) {
      assertThat(TrialStore.locked(store.folder(trial))).isTrue();
      for (boolean fresh : new boolean[] {false, true}) {
        assertThatThrownBy(() -> run(engine(options(false, fresh, 1), () -> false), "toy/pretrain"))
            .hasRootCauseMessage(busy);
      }
      assertThatThrownBy(() -> store.lock(trial)).hasMessage(busy);
    }
    assertThat(TrialStore.locked(store.folder(trial))).isFalse();
    assertThat(run(plain(), "toy/pretrain")).hasSize(2);
  }

  @Test
  void aTrialThatSomeoneElseFinishedMeanwhileIsTakenAsItIs() throws IOException {
    Trial second = plain().trials("toy/pretrain").get(1);
    // while the first trial runs, another process finishes the second
    AtomicInteger steps = new AtomicInteger();
    BooleanSupplier meanwhile =
        () -> {
          if (steps.incrementAndGet() == 1) {
            TrialEngine other = plain();
            other.bringUpToDate(List.of(second));
          }
          return false;
        };
    run(engine(options(false, false, 0), meanwhile), "toy/pretrain");
    assertThat(domain.computed).containsOnlyOnce(second.id());
  }

  @Test
  void frozenArraysAreNotInATrialsWeights() throws IOException {
    Path folder = run(plain(), "toy/pretrain").get(0).folder();
    try (TensorSource weights = Safetensors.open(folder.resolve(TrialRun.WEIGHTS))) {
      assertThat(weights.names()).containsExactly("w", "seen");
    }
  }

  @Test
  void aDivergedTrialIsAResultAndItsChildrenSayThatTheyDidNotStart() {
    List<TrialResult> results =
        run(plain("optimizer.optimizer.lr=1e30", "schedule.epochs=20"), "toy/forget");
    assertThat(results).filteredOn(TrialResult::finished).isEmpty();
    assertThat(results)
        .filteredOn(TrialResult::diverged)
        .hasSize(2)
        .allSatisfy(
            result -> {
              assertThat(result.title()).isEqualTo("Pretrain");
              assertThat(result.note()).startsWith("diverged at step ").contains("(retain)");
              assertThat(result.metrics()).isEmpty();
            });
    assertThat(results)
        .filteredOn(result -> result.recipe().equals("toy/forget"))
        .hasSize(4)
        .allSatisfy(
            result -> {
              assertThat(result.status()).isEqualTo("not started");
              assertThat(result.note())
                  .matches("did not start: its start pretrain-s\\d-\\w+ diverged");
              assertThat(result.folder()).doesNotExist();
            });
    domain.computed.clear();
    run(plain("optimizer.optimizer.lr=1e30", "schedule.epochs=20"), "toy/forget");
    assertThat(domain.computed).as("it is not tried again").isEmpty();
  }

  // ---- damage ----

  @Test
  void aDamagedResultIsNamedAndKept() throws IOException {
    run(plain(), "toy/pretrain");
    Path file = root.resolve(domain.computed.get(0)).resolve("result.json");
    for (String damage :
        new String[] {
          Files.readString(file).substring(0, 200), "", "null", "{}", "[1]", "not json"
        }) {
      Files.writeString(file, damage);
      assertThatThrownBy(() -> run(plain(), "toy/pretrain"))
          .hasRootCauseInstanceOf(IOException.class)
          .hasMessageContaining(
              file
                  + " is damaged; remove the folder "
                  + domain.computed.get(0)
                  + " to compute the trial again");
      assertThat(file).hasContent(damage);
    }
  }

  @Test
  void aResultThatLacksAnythingSaysWhat() throws IOException {
    run(plain(), "toy/pretrain");
    Path folder = root.resolve(domain.computed.get(0));
    Path file = folder.resolve("result.json");
    String whole = Files.readString(file);
    for (String place : TrialResult.REQUIRED) {
      ObjectNode result = (ObjectNode) TrialStore.JSON.readTree(whole);
      int last = place.lastIndexOf('/');
      ((ObjectNode) result.at(place.substring(0, last))).remove(place.substring(last + 1));
      Files.writeString(file, result.toString());
      assertThatThrownBy(() -> TrialStore.read(folder))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + " is damaged; remove the folder ")
          .hasMessageContaining("(it lacks " + place.substring(1).replace('/', '.'));
    }
    ObjectNode result = (ObjectNode) TrialStore.JSON.readTree(whole);
    result.withObject("/metrics").putNull("width");
    Files.writeString(file, result.toString());
    assertThatThrownBy(() -> TrialStore.read(folder))
        .hasMessageEndingWith("(its metric width has no value)");
  }

  @Test
  void aDamagedCheckpointIsNamedAndKept() throws IOException {
    Path file = root.resolve(interruptedTrial()).resolve("checkpoint.safetensors");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 40, whole.length / 2, whole.length - 1}) {
      byte[] part = Arrays.copyOf(whole, length);
      Files.write(file, part);
      assertThatThrownBy(() -> run(engine(options(true, false, 1), () -> false), "toy/pretrain"))
          .cause()
          .hasMessageContaining(file.toString())
          .hasMessageEndingWith("; --fresh starts the trial over");
      assertThat(file).hasBinaryContent(part);
    }
    Files.write(file, whole);
    assertThat(run(engine(options(true, false, 1), () -> false), "toy/pretrain")).hasSize(1);
  }

  @Test
  void theCheckpointOfAnotherTrialIsRefused() throws IOException {
    Path file = root.resolve(interruptedTrial()).resolve("checkpoint.safetensors");
    for (Map<String, String> facts :
        List.of(Map.of("hash", "other", "cursor", "1"), Map.<String, String>of())) {
      Safetensors.write(file, Map.of(), facts);
      assertThatThrownBy(() -> run(engine(options(true, false, 1), () -> false), "toy/pretrain"))
          .hasRootCauseMessage(file + " is the checkpoint of another trial");
    }
  }

  @Test
  void aCheckpointThatLacksAnArraySaysWhich() throws IOException {
    String id = interruptedTrial();
    Path file = root.resolve(id).resolve("checkpoint.safetensors");
    Trial trial = plain().trials("toy/pretrain").get(0);
    Safetensors.write(file, Map.of(), Map.of("hash", trial.hash(), "cursor", "1"));
    assertThatThrownBy(() -> run(engine(options(true, false, 1), () -> false), "toy/pretrain"))
        .cause()
        .hasMessage(file + ": there is no tensor w; --fresh starts the trial over");
    Safetensors.write(file, Map.of(), Map.of("hash", trial.hash(), "cursor", "-1"));
    assertThatThrownBy(() -> run(engine(options(true, false, 1), () -> false), "toy/pretrain"))
        .cause()
        .hasMessage(file + " does not say how far the run was; --fresh starts the trial over");
  }

  @Test
  void resultsAreListedAndSurviveTheirFile() throws IOException {
    List<TrialResult> results = run(plain(), "toy/pretrain");
    assertThat(new TrialStore(root).list()).containsExactlyInAnyOrderElementsOf(results);
    assertThat(TrialStore.size(results.get(0).folder())).isPositive();
    new TrialStore(root).remove(results.get(0).folder());
    assertThat(new TrialStore(root).list()).containsExactly(results.get(1));
  }

  @Test
  void peakMemoryIsReadUnderBothItsNames() throws IOException {
    TrialResult result = run(plain(), "toy/pretrain").get(0);
    Path file = result.folder().resolve("result.json");
    String text = Files.readString(file);
    assertThat(text).contains("\"peak_rss_mib\"");
    Files.writeString(file, text.replace("peak_rss_mib", "peak_rss_mb"));
    assertThat(TrialStore.read(result.folder())).contains(result);
  }

  @Test
  void metricsThatAreNoNumbersSurviveTheirFile() throws IOException {
    TrialResult result = run(plain(), "toy/pretrain").get(0);
    TrialResult odd =
        new TrialResult(
            result.id(),
            result.recipe(),
            result.title(),
            result.domain(),
            result.status(),
            null,
            1,
            Map.of("nan", Double.NaN, "inf", Double.POSITIVE_INFINITY, "tiny", 1e-300),
            Map.of(),
            Map.of(),
            result.resolved(),
            result.provenance(),
            result.folder());
    Files.writeString(
        result.folder().resolve("result.json"), TrialStore.JSON.writeValueAsString(odd));
    assertThat(TrialStore.read(result.folder()).orElseThrow().metrics()).isEqualTo(odd.metrics());
  }

  @Test
  void aPlanThatIsNotFiniteIsADivergedTrialAndTheOthersGoOn() {
    domain.whilePlanning =
        run -> {
          if (run.trial().seed() == 1 && run.parents().containsKey("start")) {
            throw new NotFiniteException("a number of a mask's forget gradients", Double.NaN);
          }
        };
    List<TrialResult> results = run(plain(), "toy/forget");

    assertThat(results)
        .filteredOn(TrialResult::diverged)
        .hasSize(2)
        .allSatisfy(
            result ->
                assertThat(result.note())
                    .isEqualTo(
                        "diverged at step 0 (preparing): a number of a mask's forget gradients is NaN"));
    assertThat(results).filteredOn(TrialResult::finished).hasSize(4);
  }

  /** A row for the model as it was downloaded. */
  @Test
  void aRunWithoutAStepMeasuresAndLeavesWhatItStartsFrom() {
    TrialResult result =
        run(engine(options(false, false, 1), () -> false, "schedule.epochs=0"), "toy/pretrain")
            .get(0);

    assertThat(result.finished()).isTrue();
    assertThat(result.metrics()).containsEntry("norm", 2.0); // four ones
    assertThat(result.provenance().steps()).isZero();
    assertThat(result.folder().resolve("weights.safetensors")).exists();
  }

  /** Reference values of a model that no trial of ours trained take hours. */
  @Test
  void whatAPlanComputesWithoutAParentIsKeptForTheResumedRun() {
    AtomicInteger computed = new AtomicInteger();
    domain.whilePlanning =
        run -> {
          try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            run.artefacts("start", Map.of("weights", "elsewhere"))
                .get(
                    "reference",
                    manager,
                    () -> {
                      computed.incrementAndGet();
                      return new NDList(manager.create(1.5f));
                    });
          }
        };
    interruptedTrial();
    assertThat(computed).hasValue(1);
    run(engine(options(true, false, 1), () -> false), "toy/pretrain");
    assertThat(computed).hasValue(1);
  }
}
