package org.dualoptim.eval.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one evaluation measured, in the order in which it was measured. Immutable.
 *
 * @param values metric to value, all finite
 */
public record Scores(Map<Metric, Double> values) {

  /**
   * Keeps a copy.
   *
   * @throws IllegalArgumentException if a value is NaN or infinite
   */
  public Scores {
    values.forEach(
        (metric, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                metric.label()
                    + " is "
                    + value
                    + ": the trial diverged, so report that instead of scores.");
          }
        });
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Scores of one metric; add more with {@link #and}. */
  public static Scores of(Metric metric, double value) {
    return new Scores(Map.of(metric, value));
  }

  /**
   * These scores and one more, which comes last; an earlier value of the same metric is replaced in
   * its place.
   */
  public Scores and(Metric metric, double value) {
    Map<Metric, Double> more = new LinkedHashMap<>(values);
    more.put(metric, value);
    return new Scores(more);
  }

  /**
   * The value of a metric.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public double get(Metric metric) {
    Double value = values.get(metric);
    if (value == null) {
      throw new IllegalArgumentException(
          metric.label()
              + " was not measured; there are "
              + values.keySet().stream().map(Metric::label).collect(Collectors.joining(", "))
              + ".");
    }
    return value;
  }
}
