package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.Provenance;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.stats.Knobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionReportTest {
  @TempDir Path folder;

  /** A finished trial of {@code data} whose four metrics are {@code value}. */
  private TrialResult trial(String data, String recipe, String title, long seed, double value)
      throws IOException {
    String id = data + "-" + recipe + "-s" + seed;
    Path own = Files.createDirectories(folder.resolve(id));
    Files.writeString(own.resolve("process.csv"), "step,fa,ra,ta,mia\n0,90,90,90,90\n4,1,1,1,1\n");
    Files.writeString(
        own.resolve("telemetry.csv"),
        "step,objective,time,lr_factor,loss,gradient_norm,applied_norm,cosine,update_norm,millis\n"
            + "0,forget,0,1,1,1,1,,1,1\n1,forget,0,1,1,1,1,,1,1\n");
    ObjectNode resolved = JsonNodeFactory.instance.objectNode().put("seed", seed);
    resolved.put("title", title).put("data", data);
    resolved.withObject("/method").put("kind", recipe).put("alpha", 1.5);
    resolved.withObject("/schedule").put("forget", 1).put("retain", 5);
    return new TrialResult(
        id,
        data + "/" + recipe,
        title,
        "vision",
        "finished",
        null,
        seed,
        Map.of("fa", value, "ra", value, "ta", value, "mia", value),
        Map.of(),
        recipe.equals("retrain") ? Map.of() : Map.of("reference", data + "-retrain-s" + seed),
        resolved,
        new Provenance("", "", "", "", "", "", "", 1, "", "", 1, 1, 4, 100, 0),
        own);
  }

  private List<String> table(List<TrialResult> trials) throws IOException {
    VisionReport.of(trials).write(folder.resolve("report"));
    return Files.readAllLines(folder.resolve("report/table.md"));
  }

  @Test
  void rowsOfTwoDataSetsAreNeitherMixedNorComparedWithEachOther() throws IOException {
    List<String> table =
        table(
            List.of(
                trial("shapes", "retrain", "RT", 1, 80),
                trial("shapes", "sfron", "SFRon", 1, 70),
                trial("cifar10", "retrain", "RT", 1, 50),
                trial("cifar10", "sfron", "SFRon", 1, 49)));
    assertThat(table.stream().filter(line -> line.contains("SFRon (shapes/sfron)")))
        .singleElement()
        .asString()
        .contains("70.00 (10.00)");
    assertThat(table.stream().filter(line -> line.contains("SFRon (cifar10/sfron)")))
        .singleElement()
        .asString()
        .contains("49.00 (1.00)");
    assertThat(folder.resolve("report"))
        .isDirectoryContaining("glob:**/process-sfron-shapes-sfron.png")
        .isDirectoryContaining("glob:**/process-sfron-cifar10-sfron.png");
  }

  @Test
  void adviceKnowsWhatAMethodsAlphaIsFor() throws IOException {
    List<String> table =
        table(
            List.of(
                trial("shapes", "retrain", "RT", 1, 80),
                trial("shapes", "sfron", "SFRon", 1, 90),
                trial("shapes", "scrub", "SCRUB", 1, 70)));
    assertThat(table)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("<sup>1</sup> Forgot too much (FA -10.0")
                    .endsWith(
                        "Keep more: raise schedule.retain (now 5) or method.alpha (now 1.5)."))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("<sup>2</sup> Forgot too little (FA +10.0")
                    .endsWith(
                        "Forget more: raise schedule.forget (now 1) or method.alpha (now 1.5)."));
  }

  @Test
  void adviceFindsItsKeysInEveryRecipe() {
    List<String> names =
        Recipes.list().stream().filter(name -> name.startsWith("vision/")).toList();
    assertThat(names).hasSizeGreaterThan(40);
    for (String name : names) {
      Knobs knobs = Knobs.of(new Recipes(Map.of()).read(name).tree());
      assertThat(knobs.rates()).as(name).isNotEmpty();
      assertThat(knobs.length()).as(name).hasSize(1);
      assertThat(knobs.forget()).as(name).isNotEmpty();
      assertThat(knobs.keep()).as(name).hasSize(name.endsWith("/ga") ? 0 : 1);
    }
  }

  @Test
  void pretrainingAloneIsShownWithWhatWasMeasured() throws IOException {
    TrialResult full = trial("shapes", "pretrain", "Pretrained", 1, 0);
    TrialResult pretrained =
        new TrialResult(
            full.id(),
            full.recipe(),
            full.title(),
            full.domain(),
            full.status(),
            full.note(),
            full.seed(),
            Map.of("ra", 99.5, "ta", 74.25),
            full.facts(),
            Map.of(),
            full.resolved(),
            full.provenance(),
            full.folder());
    assertThat(table(List.of(pretrained)))
        .contains(
            "**shapes/pretrain; nothing was forgotten**",
            "| Method | RA (%) | TA (%) | Train (s) | Memory (MiB) |")
        .anySatisfy(line -> assertThat(line).startsWith("| Pretrained (seed 1) | 99.50 | 74.25 |"));
    assertThat(folder.resolve("report/results.json")).content().contains("shapes/pretrain");
  }
}
