package org.dualoptim.bench.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualoptim.core.run.Provenance;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.core.run.TrialStore;

/**
 * A trial's folder as it is found on disk.
 *
 * @param folder named by the trial's id
 * @param status how far the trial has come
 * @param note why it has no numbers, in one sentence; may be empty
 * @param result what it found, if it has ended
 * @param bytes size of all its files
 */
record RunFolder(
    Path folder, Status status, String note, Optional<TrialResult> result, long bytes) {
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** How far a trial has come. */
  enum Status {
    FINISHED,
    DIVERGED,
    RUNNING,
    INTERRUPTED,
    UNFINISHED,
    DAMAGED;

    String inWords() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static RunFolder read(Path folder) throws IOException {
    long bytes = TrialStore.size(folder);
    Optional<TrialResult> result;
    try {
      result = TrialStore.read(folder);
    } catch (IOException e) {
      return new RunFolder(folder, Status.DAMAGED, e.getMessage(), Optional.empty(), bytes);
    }
    if (!TrialStore.hasRecipe(folder)) {
      String note =
          "its recipe.json is missing; remove "
              + folder.getFileName()
              + " to compute the trial again";
      return new RunFolder(folder, Status.DAMAGED, note, Optional.empty(), bytes);
    }
    if (result.isPresent()) {
      Status ended = result.get().diverged() ? Status.DIVERGED : Status.FINISHED;
      String note = Optional.ofNullable(result.get().note()).orElse("");
      return new RunFolder(folder, ended, note, result, bytes);
    }
    Status open =
        TrialStore.locked(folder)
            ? Status.RUNNING
            : TrialStore.interrupted(folder) ? Status.INTERRUPTED : Status.UNFINISHED;
    return new RunFolder(folder, open, "", result, bytes);
  }

  String id() {
    return folder.getFileName().toString();
  }

  /** All metrics in one line, by id. */
  String metrics() {
    return result
        .map(TrialResult::metrics)
        .map(TreeMap::new)
        .orElseGet(TreeMap::new)
        .entrySet()
        .stream()
        .map(metric -> metric.getKey() + " " + number(metric.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
  }

  /** The result as in its file, if there is one, and what the folder tells. */
  ObjectNode json() {
    ObjectNode node = result.<ObjectNode>map(JSON::valueToTree).orElseGet(JSON::createObjectNode);
    node.put("id", id()).put("status", status.inWords()).put("note", note.isEmpty() ? null : note);
    return node.put("folder", folder.toString()).put("bytes", bytes);
  }

  /** Everything worth knowing, a line each. */
  List<String> describe() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("trial", id());
    facts.put("status", status.inWords() + (note.isEmpty() ? "" : ": " + note));
    result.ifPresent(
        found -> {
          facts.put("recipe", found.recipe() + " (" + found.title() + "), seed " + found.seed());
          facts.put("metrics", metrics());
          found.facts().forEach(facts::put);
          found.parents().forEach((role, id) -> facts.put("needs " + role, id));
          describe(found.provenance(), facts);
        });
    facts.put("folder", folder + ", " + Bytes.inWords(bytes));
    int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    facts.forEach((name, value) -> lines.add(name + " ".repeat(width - name.length() + 2) + value));
    return lines;
  }

  private static void describe(Provenance made, Map<String, Object> facts) {
    facts.put("started", made.started() + (made.resumed() > 0 ? ", resumed" : ""));
    facts.put(
        "took",
        String.format(
            Locale.ROOT,
            "%.1f s, of which %.1f s in %d steps",
            made.wallSeconds(),
            made.trainSeconds(),
            made.steps()));
    if (made.peakRssMib() >= 0) {
      facts.put("peak memory", made.peakRssMib() + " MiB");
    }
    facts.put("made by", "dualoptim " + made.version() + ", commit " + made.commit());
    facts.put(
        "with",
        made.engine()
            + " on "
            + made.device()
            + ", "
            + made.threads()
            + (made.threads() == 1 ? " thread" : " threads"));
    facts.put("under", made.java() + ", " + made.os());
  }
}
