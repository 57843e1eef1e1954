package org.dualoptim.eval.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.dualoptim.core.run.TrialResult;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.stats.Summary;

/**
 * A row of a table of trials: those that differ in nothing but their seed.
 *
 * @param title its name, with the recipe's in brackets where rows of several recipes share it
 * @param trials all of them, also those that diverged or did not start; at least one
 * @param scores of those that finished, in the same order
 * @param start scores of the models that these began with, in the same order; empty unless every
 *     finished trial measured all metrics there
 * @param reference scores of the finished trials that these name as their reference; empty if there
 *     are none
 */
public record TrialRow(
    String title,
    List<TrialResult> trials,
    List<Scores> scores,
    List<Scores> start,
    List<Scores> reference) {

  public TrialRow {
    trials = List.copyOf(trials);
    scores = List.copyOf(scores);
    start = List.copyOf(start);
    reference = List.copyOf(reference);
  }

  /** The resolved recipe of the first trial: the same as the others' but for the seed. */
  public ObjectNode resolved() {
    return trials.get(0).resolved();
  }

  /** The trials that have numbers. */
  public List<TrialResult> finished() {
    return trials.stream().filter(TrialResult::finished).toList();
  }

  /**
   * A metric over the finished trials.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Summary summary(Metric metric) {
    return summary(scores, metric);
  }

  /**
   * A metric over the reference's trials.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Summary referenceSummary(Metric metric) {
    return summary(reference, metric);
  }

  private static Summary summary(List<Scores> scores, Metric metric) {
    return Summary.of(scores.stream().mapToDouble(each -> each.get(metric)).toArray());
  }
}
