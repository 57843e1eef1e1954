package org.dualoptim.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualoptim.core.run.Domain;
import org.dualoptim.core.run.ProcessFile;
import org.dualoptim.core.run.Trial;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;

/** Sorts trials into rows: references first, then in the order of a form. */
final class TrialRows {
  private TrialRows() {}

  /** What trials of one row have in common. */
  private record Identity(String title, JsonNode resolved) {
    static Identity of(TrialResult result) {
      ObjectNode resolved = result.resolved().deepCopy();
      resolved.remove(Trial.LABELS);
      resolved.remove("seed");
      return new Identity(result.title(), resolved);
    }
  }

  /** The rows; a finished trial that lacks one of the form's metrics is in none. */
  static List<TrialRow> of(List<TrialResult> results, ReportForm form) {
    Set<String> references = references(results);
    Map<Identity, List<TrialResult>> rows = new LinkedHashMap<>();
    results.stream()
        .filter(result -> !result.finished() || measured(result.metrics(), form))
        .sorted(
            Comparator.comparingInt(
                result -> references.contains(result.id()) ? -1 : form.place(result.title())))
        .forEach(
            result ->
                add(result, rows.computeIfAbsent(Identity.of(result), r -> new ArrayList<>())));
    return rows.values().stream()
        .map(
            trials ->
                new TrialRow(
                    title(trials.get(0), rows.keySet()),
                    trials,
                    scores(trials, form),
                    start(trials, form),
                    scores(reference(trials, rows.values()), form)))
        .toList();
  }

  /** The ids of the trials that some are compared with. */
  static Set<String> references(List<TrialResult> trials) {
    return trials.stream()
        .map(trial -> trial.parents().get(Domain.REFERENCE))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static boolean measured(Map<String, Double> values, ReportForm form) {
    return form.metrics().stream()
        .allMatch(metric -> Double.isFinite(values.getOrDefault(metric.id(), Double.NaN)));
  }

  /** A trial that stands in several recipes, such as a copy of one, counts once. */
  private static void add(TrialResult result, List<TrialResult> row) {
    boolean there =
        row.stream()
            .anyMatch(
                other ->
                    other.seed() == result.seed()
                        && other.provenance().hash().equals(result.provenance().hash()));
    if (!there) {
      row.add(result);
    }
  }

  /** The title of a row; where another has the same, the recipe's name tells them apart. */
  private static String title(TrialResult first, Set<Identity> rows) {
    boolean unique = rows.stream().filter(row -> row.title().equals(first.title())).count() == 1;
    return unique ? first.title() : first.title() + " (" + first.recipe() + ")";
  }

  /** The trials of the row that these are compared with; none if there is no such row. */
  private static List<TrialResult> reference(
      List<TrialResult> trials, Iterable<List<TrialResult>> rows) {
    Set<String> references = references(trials);
    for (List<TrialResult> row : rows) {
      if (row.stream().anyMatch(trial -> references.contains(trial.id()))) {
        return row;
      }
    }
    return List.of();
  }

  private static List<Scores> scores(List<TrialResult> trials, ReportForm form) {
    return trials.stream()
        .filter(TrialResult::finished)
        .map(result -> scores(result.metrics(), form))
        .toList();
  }

  private static Scores scores(Map<String, Double> measured, ReportForm form) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    form.metrics().forEach(metric -> values.put(metric, measured.get(metric.id())));
    return new Scores(values);
  }

  /** What was measured before the first step. */
  private static List<Scores> start(List<TrialResult> trials, ReportForm form) {
    List<Scores> start = new ArrayList<>();
    for (TrialResult trial : trials) {
      if (trial.finished()) {
        Map<String, Double> before = before(trial);
        if (!measured(before, form)) {
          return List.of();
        }
        start.add(scores(before, form));
      }
    }
    return start;
  }

  /** Empty also where the course is lost: the plots, which need it, say so. */
  private static Map<String, Double> before(TrialResult trial) {
    try {
      return ProcessFile.read(trial.folder()).getOrDefault(0, Map.of());
    } catch (IOException e) {
      return Map.of();
    }
  }
}
