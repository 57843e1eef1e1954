package org.dualoptim.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Metric.Goal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialReportTest {
  private static final Metric MC = new Metric("mc", "MC", "", Goal.HIGHER, "what is still known");
  private static final Metric FE = new Metric("fe", "FE", "", Goal.HIGHER, "what is forgotten");
  private static final Metric AVG = new Metric("avg", "Avg", "", Goal.HIGHER, "the mean of both");

  /** Language models: no reference. */
  private static final ReportForm LANGUAGE =
      ReportForm.plain(List.of(MC, FE, AVG), 4, List.of("GA+GD", "NPO+GD"));

  /** Generated images: only the accuracy on what was forgotten has a target. */
  private static final ReportForm IMAGES =
      new ReportForm(
          List.of(Metric.FA, Metric.FID),
          2,
          List.of(Metric.FA),
          "retraining",
          List.of("SalUn", "SFRon"),
          row -> row.summary(Metric.FID).mean() > 50 ? "The images fell apart." : "");

  @TempDir Path folder;
  private ToyTrials toy;

  @BeforeEach
  void trialsLieInTheirFolder() {
    toy = new ToyTrials(folder);
  }

  private List<String> markdown(ReportForm form, List<TrialResult> trials) throws IOException {
    new TrialReport(trials, form).write(folder.resolve("report"));
    return Files.readAllLines(folder.resolve("report/table.md"));
  }

  private TrialResult language(String recipe, String title, long seed, double mc, double fe)
      throws IOException {
    return toy.finished(
        "llm/" + recipe, title, seed, Map.of("mc", mc, "fe", fe, "avg", (mc + fe) / 2));
  }

  private TrialResult images(String recipe, String title, long seed, double fa, double fid)
      throws IOException {
    TrialResult trial = toy.finished(recipe, title, seed, Map.of("fa", fa, "fid", fid));
    return recipe.equals("retrain") ? trial : ToyTrials.comparedWith("retrain", trial);
  }

  @Test
  void withoutAReferenceThereAreMeansAndSpreadsButNoGaps() throws IOException {
    List<TrialResult> trials =
        List.of(
            language("ga-do", "GA+GD+DO", 1, 0.5, 0.6),
            language("ga-do", "GA+GD+DO", 2, 0.7, 0.6),
            language("npo", "NPO+GD", 1, 0.25, 0.5),
            language("npo", "NPO+GD", 2, 0.25, 0.5),
            language("ga", "GA+GD", 1, 0.4934, 0.4493),
            toy.diverged("llm/ga", "GA+GD", 2, "diverged at step 3 (forget): loss is NaN"));
    assertThat(markdown(LANGUAGE, trials))
        .contains("**llm, 1 to 2 trials**")
        .containsSequence(
            "| Method | MC | FE | Avg | Train (s) | Memory (MiB) |",
            "| :-- | --: | --: | --: | --: | --: |",
            "| GA+GD<sup>1</sup> | 0.4934 | 0.4493 | 0.4714 | 2.0 | 100 |",
            "| NPO+GD | 0.2500±0.0000 | 0.5000±0.0000 | 0.3750±0.0000 | 2.0 | 100 |",
            "| GA+GD+DO | 0.6000±0.1000 | 0.6000±0.0000 | 0.6000±0.0500 | 2.0 | 100 |")
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith(
                        "1 of 2 trials finished: seed 2 diverged at step 3 (forget): loss is NaN."
                            + " Lower the learning rate."));
  }

  @Test
  void onlyMetricsWithATargetHaveGaps() throws IOException {
    assertThat(
            markdown(
                IMAGES,
                List.of(
                    images("sfron-do", "SFRon+DO", 1, 12.2, 18.77),
                    images("salun", "SalUn", 1, 4, 97.33),
                    images("retrain", "RT", 1, 10, 17))))
        .containsSequence(
            "| Method | FA (%) | FID | Gap | Train (s) | Memory (MiB) |",
            "| :-- | --: | --: | --: | --: | --: |",
            "| RT | 10.00 | 17.00 | - | 2.0 | 100 |",
            "| SalUn<sup>1</sup> | 4.00 (6.00) | 97.33 | 6.00 | 2.0 | 100 |",
            "| SFRon+DO | 12.20 (2.20) | 18.77 | 2.20 | 2.0 | 100 |")
        .anySatisfy(line -> assertThat(line).contains("The images fell apart."));
    assertThat(folder.resolve("report"))
        .isDirectoryContaining("glob:**/process-salun.png")
        .isDirectoryContaining("glob:**/gradients-sfron-do.png")
        .isDirectoryNotContaining("glob:**/*-rt.png");
  }

  @Test
  void seedsOfARowAreAveraged() throws IOException {
    assertThat(
            markdown(
                IMAGES,
                List.of(
                    images("retrain", "RT", 1, 80, 1),
                    images("retrain", "RT", 2, 82, 1),
                    images("sfron", "SFRon", 1, 70, 1),
                    images("sfron", "SFRon", 2, 74, 3))))
        .contains("| SFRon | 72.00±2.00 (9.00) | 2.00±1.00 | 9.00 | 2.00 | 2.0 | 100 |");
  }

  @Test
  void everySeedThatDidNotFinishIsNamedWithItsReason() throws IOException {
    String nan = "diverged at step 3 (forget): loss is NaN";
    TrialResult finished = language("ga", "GA+GD", 1, 0.5, 0.5);
    List<TrialResult> trials = new ArrayList<>(List.of(finished));
    trials.add(toy.diverged("llm/ga", "GA+GD", 2, nan));
    trials.add(toy.diverged("llm/ga", "GA+GD", 3, nan));
    trials.add(toy.notStarted("llm/ga", "GA+GD", 4, "did not start: its start x diverged"));
    trials.forEach(trial -> trial.resolved().withObject("/optimizer/forget").put("lr", 0.1));
    assertThat(markdown(LANGUAGE, trials))
        .contains("**llm, 1 trial**")
        .anySatisfy(
            line ->
                assertThat(line)
                    .endsWith(
                        "1 of 4 trials finished: seeds 2, 3 "
                            + nan
                            + "; seed 4 did not start: its start x diverged."
                            + " Lower optimizer.forget.lr (now 0.1)."));
  }

  @Test
  void aTrialThatStandsInTwoRecipesCountsOnce() throws IOException {
    TrialResult sfron = images("sfron", "SFRon", 1, 70, 1);
    List<String> table = markdown(IMAGES, List.of(images("retrain", "RT", 1, 80, 1), sfron, sfron));
    assertThat(table.get(0)).contains("1 trial;");
    assertThat(table).contains("| SFRon | 70.00 (10.00) | 1.00 | 10.00 | 2.0 | 100 |");
  }

  @Test
  void aLostOrDamagedCourseCostsItsRowThePlotsAndNothingElse() throws IOException {
    TrialResult lost = language("a", "Lost", 1, 0.5, 0.5);
    TrialResult damaged = language("b", "Damaged", 1, 0.5, 0.5);
    Files.delete(lost.folder().resolve("process.csv"));
    Files.write(damaged.folder().resolve("telemetry.csv"), new byte[] {(byte) 0xff, 1});
    List<String> table =
        markdown(LANGUAGE, List.of(lost, damaged, language("c", "Whole", 1, 0.5, 0.5)));
    assertThat(String.join("\n", table)).contains("| Lost", "| Damaged", "| Whole");
    assertThat(folder.resolve("report/process-lost.png")).doesNotExist();
    assertThat(folder.resolve("report/gradients-damaged.png")).doesNotExist();
    assertThat(folder.resolve("report/gradients-whole.png")).isNotEmptyFile();
  }

  @Test
  void onePointMakesNoPlot() throws IOException {
    TrialResult trial = language("ga", "GA+GD", 1, 0.5, 0.5);
    Files.writeString(trial.folder().resolve("process.csv"), "step,mc,fe,avg\n4,0.5,0.5,0.5\n");
    Files.writeString(
        trial.folder().resolve("telemetry.csv"), ToyTrials.TELEMETRY + "0,forget,0,1,1,1,1,,1,1\n");
    markdown(LANGUAGE, List.of(trial));
    assertThat(folder.resolve("report")).isDirectoryNotContaining("glob:**.png");
  }

  @Test
  void whatIsMeasuredOnlyAtTheEndHasNoPanelAndCostsTheOthersNothing() throws IOException {
    TrialResult trial = language("ga", "GA+GD", 1, 0.5, 0.5);
    Files.writeString(trial.folder().resolve("process.csv"), "step,mc\n0,0.6\n4,0.5\n");
    markdown(LANGUAGE, List.of(trial));
    assertThat(folder.resolve("report/process-ga-gd.png")).isNotEmptyFile();
  }

  @Test
  void everyRowHasPlotsOfItsOwn() throws IOException {
    TrialResult other = language("sfron", "SFRon", 2, 0.5, 0.5);
    other.resolved().put("alpha", 2);
    markdown(
        LANGUAGE,
        List.of(
            language("sfron", "SFRon", 1, 0.5, 0.5),
            other,
            language("a", "A = 0.1", 1, 0.5, 0.5),
            language("b", "a = 0,1!", 1, 0.5, 0.5),
            language("c", "?!", 1, 0.5, 0.5),
            language("d", "SFRon " + "x".repeat(300), 1, 0.5, 0.5)));
    String[] names = {
      "sfron-llm-sfron", "sfron-llm-sfron-2", "a-0-1", "a-0-1-2", "row", "sfron-" + "x".repeat(54)
    };
    for (String name : names) {
      assertThat(folder.resolve("report/process-" + name + ".png")).isNotEmptyFile();
      assertThat(folder.resolve("report/gradients-" + name + ".png")).isNotEmptyFile();
    }
  }

  @Test
  void titlesOfAnyScriptNameTheirPlots() throws IOException {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
    markdown(
        LANGUAGE,
        List.of(language("a", "Größe, α 1", 1, 0.5, 0.5), language("b", "遗忘", 1, 0.5, 0.5)));
    for (String name : new String[] {"größe-α-1", "遗忘"}) {
      assertThat(folder.resolve("report/process-" + name + ".png")).isNotEmptyFile();
    }
  }

  @Test
  void aFormThatComparesMustSayWithWhat() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReportForm(List.of(MC), 2, List.of(MC), "", List.of(), row -> ""))
        .withMessageContaining("reference must be named");
  }
}
