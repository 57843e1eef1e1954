package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.ToyDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class RunCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return execute(List.of("toy/pretrain"), args);
  }

  private int execute(List<String> usual, String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command =
        new CommandLine(
            new RunCommand(
                Map.of("toy", new ToyDomain(), "other", new ToyDomain()),
                usual,
                1,
                new Interruption()));
    command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(args));
    if (!all.contains("--help")) {
      all.addAll(List.of("-q", "--runs", folder.resolve("runs").toString()));
    }
    return CommandSetup.of(command, level -> {}).execute(all.toArray(String[]::new));
  }

  private String error() {
    return err.toString().lines().findFirst().orElse("").replace(folder.toString(), "DIR");
  }

  private Path recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("my.toml"), text);
  }

  /** A recipe of the toy with one line in the place of another. */
  private Path changed(String line, String by) throws IOException {
    String text = Recipes.text("toy/pretrain");
    assertThat(text).contains(line);
    return recipe(text.replace(line, by));
  }

  @Test
  void resultsGoToStdoutAndNothingElseDoes() {
    assertThat(execute("toy/forget", "--set", "optimizer.forget.lr=0.01")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "Pretrain s1 finished",
            "Forget+DO s1 finished",
            "Trials in "
                + folder.resolve("runs")
                + ", table and plots in "
                + folder.resolve("runs/reports/toy-forget"));
    assertThat(err.toString()).isEmpty();
    assertThat(folder.resolve("runs/reports/toy-forget/table.txt")).exists();
  }

  @Test
  void aTableThatCannotBeWrittenIsShownAllTheSame() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("report/table.txt/taken"));
    assertThat(execute("toy/pretrain", "--report", folder.resolve("report").toString()))
        .isEqualTo(ExitCode.FAILED.code());
    assertThat(out.toString()).isEqualTo("Pretrain s1 finished\n");
    assertThat(err.toString()).contains(taken.getParent().toString());
  }

  @Test
  void aReportFolderThatCannotBeMadeIsRefusedBeforeAnythingIsComputed() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "").resolve("report");
    assertThat(execute("toy/pretrain", "--report", taken.toString()))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(error())
        .isEqualTo("error: --report: the folder DIR/taken/report cannot be made; choose another");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void moreStepsThanCanBeCountedAreAMistakeOfTheRecipe() {
    assertThat(execute("toy/forget", "--set", "schedule.cycles=2000000000"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(error())
        .endsWith(": schedule: has 6000000000 steps, more than 2147483647; shorten it");
  }

  @Test
  void noDomainsReportOverwritesAnothers() throws IOException {
    Path other = changed("domain = \"toy\"", "domain = \"other\"");
    Path report = folder.resolve("report");
    assertThat(execute("toy/pretrain", other.toString(), "--report", report.toString())).isZero();
    assertThat(report.resolve("toy/table.txt")).hasContent("Pretrain s1 finished");
    assertThat(report.resolve("other/table.txt")).hasContent("Pretrain s1 finished");
  }

  @Test
  void aReportIsNamedAfterItsRecipeInAnyScript() throws IOException {
    Path own = folder.resolve("größe 2.toml");
    Files.writeString(own, Recipes.text("toy/pretrain"));
    assertThat(execute(own.toString())).isZero();
    assertThat(folder.resolve("runs/reports"))
        .isDirectoryContaining(each -> each.getFileName().toString().endsWith("-größe-2"));
  }

  @Test
  void withoutARecipeTheUsualOnesRun() {
    assertThat(execute()).isZero();
    assertThat(out.toString()).startsWith("Pretrain s1 finished");
    assertThat(execute(List.of())).isEqualTo(2);
    assertThat(error())
        .isEqualTo(
            "error: name a recipe, for example vision/shapes; `dualoptim recipes` lists them");
  }

  @Test
  void moreTrialsAreSeedsOfTheAxis() {
    assertThat(execute("--trials", "0")).isZero();
    assertThat(out.toString()).startsWith("Pretrain s1 finished\nPretrain s2 finished\n");
  }

  @Test
  void jsonIsAllThatIsPrinted() throws IOException {
    assertThat(execute("--json")).isZero();
    JsonNode results = new ObjectMapper().readTree(out.toString());
    assertThat(results).hasSize(1);
    assertThat(results.get(0).at("/status").asText()).isEqualTo("finished");
    assertThat(results.get(0).at("/metrics/norm").isNumber()).isTrue();
    assertThat(results.get(0).at("/provenance/peak_rss_mib").isNumber()).isTrue();
    assertThat(results.get(0).at("/resolved/optimizer/optimizer/lr").asDouble()).isEqualTo(0.1);
  }

  @Test
  void aDivergedTrialIsExitFourAndStillShown() {
    assertThat(execute("--set", "optimizer.optimizer.lr=1e30", "--set", "schedule.epochs=9"))
        .isEqualTo(4);
    assertThat(out.toString()).startsWith("Pretrain s1 diverged");
  }

  @Test
  void helpTellsWhatARunIsAndHowItEnds() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "RECIPE", "--resume", "--fresh", "--set=KEY=VALUE", "Examples:", "Exit codes:", "130")
        .doesNotContain("null")
        .doesNotContain("${");
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void nothingIsLeftBehindThatKeepsTheProcessAlive() {
    Interruption interruption = new Interruption();
    interruption.install();
    interruption.uninstall();
    interruption.install(); // would be refused if the hook were still there
    interruption.uninstall();
    assertThat(interruption.requested()).isFalse();
  }

  // ---- the sentences that users meet most ----

  private interface Situation {
    String[] args(RunCommandTest test) throws Exception;
  }

  private static Arguments when(String name, int code, String sentence, Situation situation) {
    return Arguments.of(name, code, sentence, situation);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        when(
            "a mistyped name",
            2,
            "no recipe named toy/pretrian; did you mean toy/pretrain?",
            t -> new String[] {"toy/pretrian"}),
        when(
            "a comma too many",
            2,
            "DIR/my.toml: line 5 is not TOML: More data after value has already ended. Invalid value preceding this position?",
            t -> new String[] {t.changed("width = 4", "width = 4,").toString()}),
        when(
            "an unknown key",
            2,
            "DIR/my.toml: wdth: unknown key; known keys: domain, title, seed, width, row_millis, schedule, optimizer, needs, axes",
            t -> new String[] {t.changed("width = 4", "wdth = 4").toString()}),
        when(
            "a wrong type",
            2,
            "DIR/my.toml: width: must be a whole number, got \"4\"",
            t -> new String[] {t.changed("width = 4", "width = \"4\"").toString()}),
        when(
            "a bad value",
            2,
            "toy/pretrain: width: must be >= 1, got 0",
            t -> new String[] {"toy/pretrain", "--set", "width=0"}),
        when(
            "a missing key",
            2,
            "DIR/my.toml: schedule.lr is missing",
            t -> new String[] {t.changed("lr = { kind = \"constant\" }", "").toString()}),
        when(
            "an unknown kind",
            2,
            "toy/pretrain: optimizer.optimizer.kind: unknown kind \"sdg\"; known: adam, adamw, adamw-8bit, groups, lion, muon, sgd",
            t -> new String[] {"toy/pretrain", "--set", "optimizer.optimizer.kind=sdg"}),
        when(
            "an override without a key",
            2,
            "--set optimizer.lr: none of the recipes has this key, and one that is absent must be written into the recipe's file first; did you mean optimizer.optimizer.lr?",
            t -> new String[] {"--set", "optimizer.lr=1"}),
        when(
            "an override without a value",
            2,
            "--set width: must be key=value, for example --set method.alpha=0.2",
            t -> new String[] {"--set", "width"}),
        when(
            "another module's recipe",
            2,
            "DIR/my.toml: domain \"llm\" is not known here; known: other, toy",
            t -> new String[] {t.changed("domain = \"toy\"", "domain = \"llm\"").toString()}),
        when(
            "a schedule without a step",
            2,
            "toy/pretrain: schedule: forget, retain and joint must not all be 0",
            t -> new String[] {"toy/pretrain", "--set", "schedule.retain=0"}),
        when(
            "a lost folder",
            2,
            "no recipe named DIR/lost; `dualoptim recipes` lists those that exist",
            t -> new String[] {t.folder.resolve("lost").toString()}),
        when(
            "two wishes at once",
            2,
            "--resume and --fresh exclude each other",
            t -> new String[] {"--resume", "--fresh"}),
        when(
            "a negative count",
            2,
            "--trials must be >= 0, got -1",
            t -> new String[] {"--trials", "-1"}),
        when(
            "checkpoints further apart than a clock counts",
            2,
            "--checkpoint-every must be at most 31536000 seconds, a year, got 9999999999",
            t -> new String[] {"--checkpoint-every", "9999999999"}),
        when(
            "a report that is a file",
            2,
            "--report must name a folder, but DIR/my.toml is a file",
            t -> new String[] {"--report", t.recipe("").toString()}),
        when(
            "an empty name, as from a variable that is not set",
            2,
            "a recipe's name must not be empty",
            t -> new String[] {""}),
        when(
            "a seed between two",
            2,
            "toy/pretrain: seed: must be a whole number, got 1.5",
            t -> new String[] {"toy/pretrain", "--set", "seed=1.5"}),
        when(
            "a damaged result",
            1,
            "DIR/runs/ID/result.json is damaged; remove the folder ID to compute the trial again",
            t -> {
              t.execute();
              Files.writeString(t.trial().resolve("result.json"), "{");
              return new String[0];
            }),
        when(
            "an unfinished trial",
            2,
            "ID was interrupted earlier; add --resume to go on from its checkpoint, or --fresh to start it over",
            t -> {
              t.execute();
              Files.delete(t.trial().resolve("result.json"));
              Files.writeString(t.trial().resolve("checkpoint.safetensors"), "half");
              return new String[0];
            }),
        when(
            "a damaged checkpoint",
            1,
            "DIR/runs/ID/checkpoint.safetensors is not a safetensors file: it has only 4 bytes; --fresh starts the trial over",
            t -> {
              t.execute();
              Files.delete(t.trial().resolve("result.json"));
              Files.writeString(t.trial().resolve("checkpoint.safetensors"), "half");
              return new String[] {"--resume"};
            }),
        when(
            "a folder that is a file",
            2,
            "--runs must name a folder, but DIR/runs is a file",
            t -> {
              Files.writeString(t.folder.resolve("runs"), "");
              return new String[0];
            }));
  }

  private Path trial() throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("runs"))) {
      return folders
          .filter(each -> each.getFileName().toString().startsWith("pretrain"))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsAnsweredInOneSentence(String name, int code, String sentence, Situation situation)
      throws Exception {
    String[] args = situation.args(this);
    assertThat(execute(args)).as(Arrays.toString(args) + err).isEqualTo(code);
    assertThat(error().replaceAll("pretrain-s1-[0-9a-f]{10}", "ID"))
        .isEqualTo("error: " + sentence);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFolderThatAnotherProcessHoldsIsLeftAlone() throws IOException {
    execute();
    Files.delete(trial().resolve("result.json"));
    try (FileChannel channel =
            FileChannel.open(trial().resolve(".lock"), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(execute()).isEqualTo(1);
      assertThat(error())
          .isEqualTo(
              "error: another process is computing "
                  + trial().getFileName()
                  + " in DIR/runs; wait for it, or choose another folder with --runs");
    }
    assertThat(execute()).isZero();
  }
}
