package org.dualoptim.core.unlearn;

/**
 * What was to be measured is NaN or infinite, such as a model's predictions. In a run it means that
 * the run diverged: the loop makes a {@link DivergedException} of it.
 */
public class NotFiniteException extends IllegalArgumentException {
  private final String what;
  private final double value;

  /**
   * @param what the quantity, for example {@code the largest logit of row 3}
   * @param value NaN or an infinity
   */
  public NotFiniteException(String what, double value) {
    super(what + " is " + value + ": the model diverged, lower its learning rates");
    this.what = what;
    this.value = value;
  }

  /** The quantity. */
  public String what() {
    return what;
  }

  /** Its value. */
  public double value() {
    return value;
  }
}
