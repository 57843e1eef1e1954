package org.dualoptim.core.run;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a trial has taken, counting the parts of it that were interrupted.
 *
 * @param since when the present part began
 * @param resumed how often the trial was resumed before and including this part
 * @param wallSecondsBefore of the parts before
 * @param stepSecondsBefore of these, steps of the loop
 */
public record Elapsed(
    Instant since, int resumed, double wallSecondsBefore, double stepSecondsBefore) {
  private static final String RESUMED = "resumed";
  private static final String WALL = "wall_seconds";
  private static final String STEPS = "step_seconds";

  /** A trial that starts now. */
  static Elapsed start() {
    return new Elapsed(Instant.now(), 0, 0, 0);
  }

  /** A trial that goes on now from where these facts of a checkpoint were written. */
  static Elapsed goOn(Map<String, String> facts) {
    return new Elapsed(
        Instant.now(),
        1 + Integer.parseInt(facts.getOrDefault(RESUMED, "0")),
        Double.parseDouble(facts.getOrDefault(WALL, "0")),
        Double.parseDouble(facts.getOrDefault(STEPS, "0")));
  }

  /** Seconds from the trial's beginning until now, pauses left out. */
  double wallSeconds() {
    return wallSecondsBefore + Duration.between(since, Instant.now()).toMillis() / 1e3;
  }

  /** What a checkpoint keeps of this. */
  Map<String, String> facts(double stepSeconds) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(RESUMED, Integer.toString(resumed));
    facts.put(WALL, Double.toString(wallSeconds()));
    facts.put(STEPS, Double.toString(stepSeconds));
    return facts;
  }
}
