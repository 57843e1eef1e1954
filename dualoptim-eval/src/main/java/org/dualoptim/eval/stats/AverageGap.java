package org.dualoptim.eval.stats;

import java.util.ArrayList;
import java.util.List;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;

/**
 * How far a method lands from retraining: the Gap and Std columns of the paper's tables.
 *
 * <ol>
 *   <li>Mean and population std of every metric over the trials.
 *   <li>{@code gap = mean over metrics of |mean of the method - mean of retraining|}: means first,
 *       so trials of both sides need not be paired.
 *   <li>{@code averageStd = mean over metrics of the method's std}.
 * </ol>
 *
 * @param method one summary per metric
 * @param retrained one summary per metric, in the same order
 * @param gap in the metrics' unit
 * @param averageStd in the metrics' unit
 */
public record AverageGap(
    List<Summary> method, List<Summary> retrained, double gap, double averageStd) {

  public AverageGap {
    method = List.copyOf(method);
    retrained = List.copyOf(retrained);
  }

  /**
   * The gap over trials.
   *
   * @param metrics what to average over: FA, RA, TA, MIA in the tables
   * @param method one per trial
   * @param retrained one per trial; the numbers of trials may differ
   * @throws IllegalArgumentException if there are no metrics or no trials, or a trial lacks a
   *     metric
   */
  public static AverageGap of(List<Metric> metrics, List<Scores> method, List<Scores> retrained) {
    if (metrics.isEmpty()) {
      throw new IllegalArgumentException("A gap needs at least one metric to average over.");
    }
    List<Summary> ours = new ArrayList<>();
    List<Summary> theirs = new ArrayList<>();
    double gap = 0;
    double std = 0;
    for (Metric metric : metrics) {
      Summary our = Summary.of(method.stream().mapToDouble(scores -> scores.get(metric)).toArray());
      Summary their =
          Summary.of(retrained.stream().mapToDouble(scores -> scores.get(metric)).toArray());
      ours.add(our);
      theirs.add(their);
      gap += Math.abs(our.mean() - their.mean());
      std += our.std();
    }
    return new AverageGap(ours, theirs, gap / metrics.size(), std / metrics.size());
  }
}
