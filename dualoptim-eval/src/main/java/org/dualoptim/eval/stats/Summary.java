package org.dualoptim.eval.stats;

import org.apache.commons.math3.stat.StatUtils;

/**
 * A metric over the trials of one table cell.
 *
 * @param mean arithmetic mean
 * @param std population standard deviation (divided by n), as the paper's tables have it; 0 for one
 *     trial
 * @param n number of trials
 */
public record Summary(double mean, double std, int n) {

  /**
   * Sums up the trials.
   *
   * @param values one per trial, at least one
   * @throws IllegalArgumentException if there are none
   */
  public static Summary of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("There is no trial to sum up; run at least one.");
    }
    return new Summary(
        StatUtils.mean(values), Math.sqrt(StatUtils.populationVariance(values)), values.length);
  }
}
