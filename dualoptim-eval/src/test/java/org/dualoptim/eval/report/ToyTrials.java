package org.dualoptim.eval.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualoptim.core.run.Provenance;
import org.dualoptim.core.run.TrialResult;

/**
 * Made-up results with the files that a report reads, each in a folder of its own.
 *
 * @param folder where the trials lie
 */
record ToyTrials(Path folder) {
  static final String TELEMETRY =
      "step,objective,time,lr_factor,loss,gradient_norm,applied_norm,cosine,update_norm,millis\n";

  /** A finished trial whose course begins at zero. */
  TrialResult finished(String recipe, String title, long seed, Map<String, Double> metrics)
      throws IOException {
    TrialResult result = result(recipe, title, seed, "finished", null, metrics);
    Map<String, Double> sorted = new TreeMap<>(metrics);
    Files.writeString(
        result.folder().resolve("process.csv"),
        "step,"
            + String.join(",", sorted.keySet())
            + "\n0"
            + ",0".repeat(sorted.size())
            + "\n4,"
            + sorted.values().stream().map(Object::toString).collect(Collectors.joining(","))
            + "\n");
    Files.writeString(
        result.folder().resolve("telemetry.csv"),
        TELEMETRY + "0,forget,0,1,1,1,1,,1,1\n1,retain,0,1,1,1,1,0.5,1,1\n");
    return result;
  }

  /** A trial that diverged. */
  TrialResult diverged(String recipe, String title, long seed, String note) throws IOException {
    return result(recipe, title, seed, "diverged", note, Map.of());
  }

  /** A trial that could not start. */
  TrialResult notStarted(String recipe, String title, long seed, String note) throws IOException {
    return result(recipe, title, seed, "not started", note, Map.of());
  }

  private TrialResult result(
      String recipe,
      String title,
      long seed,
      String status,
      String note,
      Map<String, Double> metrics)
      throws IOException {
    String id = id(recipe, seed);
    ObjectNode resolved = JsonNodeFactory.instance.objectNode().put("seed", seed);
    resolved.put("title", title).put("recipe", recipe);
    return new TrialResult(
        id,
        recipe,
        title,
        "toy",
        status,
        note,
        seed,
        metrics,
        Map.of(),
        Map.of(),
        resolved,
        new Provenance(id, "", "", "", "", "", "", 1, "", "", 1, 2, 4, 100, 0),
        Files.createDirectories(folder.resolve(id)));
  }

  private static String id(String recipe, long seed) {
    return recipe.replace('/', '-') + "-s" + seed;
  }

  /** The same trial, compared with that of another recipe and its own seed. */
  static TrialResult comparedWith(String reference, TrialResult trial) {
    return new TrialResult(
        trial.id(),
        trial.recipe(),
        trial.title(),
        trial.domain(),
        trial.status(),
        trial.note(),
        trial.seed(),
        trial.metrics(),
        trial.facts(),
        Map.of("reference", id(reference, trial.seed())),
        trial.resolved(),
        trial.provenance(),
        trial.folder());
  }
}
