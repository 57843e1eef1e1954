package org.dualoptim.bench.speed;

import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * What the rounds of one piece of work took.
 *
 * @param work what was done
 * @param rounds at least one
 */
record Rounds(Work work, List<Round> rounds) {

  /**
   * One round.
   *
   * @param millisPerStep wall time of a step, the loading of batches included
   * @param faultsPerStep page faults of the process, or negative where the system does not count
   *     them
   * @param peakMebibytes largest resident memory of the process during the round, or negative
   */
  record Round(double millisPerStep, double faultsPerStep, long peakMebibytes) {}

  /** The median over the rounds, ms. */
  double median() {
    return StatUtils.percentile(millis(), 50);
  }

  /** The fastest round, ms a step: what other processes disturbed least. */
  double least() {
    return StatUtils.min(millis());
  }

  /** Samples a second at the median. */
  double samplesPerSecond() {
    return work.batch() * 1e3 / median();
  }

  /** A cycle at the median, ms. */
  double cycleMillis() {
    return median() * Work.STEPS_PER_CYCLE;
  }

  /** Median over the rounds. */
  double faultsPerStep() {
    return StatUtils.percentile(rounds.stream().mapToDouble(Round::faultsPerStep).toArray(), 50);
  }

  /** The largest of the rounds. */
  long peakMebibytes() {
    return rounds.stream().mapToLong(Round::peakMebibytes).max().orElseThrow();
  }

  private double[] millis() {
    return rounds.stream().mapToDouble(Round::millisPerStep).toArray();
  }
}
