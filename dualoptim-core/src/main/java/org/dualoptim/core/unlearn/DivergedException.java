package org.dualoptim.core.unlearn;

import java.util.Objects;

/**
 * A loss, gradient or weight stopped being a finite number. The trial ends there and its result
 * says so; commands end with exit code 4.
 */
public class DivergedException extends RuntimeException {
  private final long step;
  private final String objective;
  private final String what;
  private final double value;

  /**
   * The sentence becomes {@code diverged at step STEP (OBJECTIVE): WHAT is VALUE}.
   *
   * @param step index into the schedule, counted from 0
   * @param objective whose step it was: {@code forget}, {@code retain} or {@code joint}
   * @param what the quantity that was checked, for example {@code gradient norm}
   * @param value what it was: NaN, an infinity, or a number past the run's limit
   */
  public DivergedException(long step, String objective, String what, double value) {
    super(
        "diverged at step "
            + step
            + " ("
            + Objects.requireNonNull(objective, "objective")
            + "): "
            + Objects.requireNonNull(what, "what")
            + " is "
            + inWords(value));
    this.step = step;
    this.objective = objective;
    this.what = what;
    this.value = value;
  }

  /** A measurement after a step found what is not finite. */
  public DivergedException(long step, String objective, NotFiniteException found) {
    this(step, objective, found.what(), found.value());
    initCause(found);
  }

  private static String inWords(double value) {
    return Double.isInfinite(value)
        ? (value < 0 ? "-infinite" : "infinite")
        : Double.toString(value);
  }

  /** Index into the schedule, counted from 0. */
  public long step() {
    return step;
  }

  /** Whose step it was. */
  public String objective() {
    return objective;
  }

  /** The quantity that was checked. */
  public String what() {
    return what;
  }

  /** Its value. */
  public double value() {
    return value;
  }
}
