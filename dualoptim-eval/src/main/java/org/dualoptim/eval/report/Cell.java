package org.dualoptim.eval.report;

import java.util.Locale;
import java.util.Objects;

/**
 * One cell of a {@link Table}: the text that people read, and the numbers behind it at full
 * precision for CSV. NaN stands for "no such number" and reads as {@value #ABSENT}.
 *
 * @param text what is shown, in plain text; the table escapes it for its format
 * @param value the number shown, or the mean; NaN for text
 * @param std its standard deviation, or NaN
 * @param gap its distance from the reference, or NaN
 * @param best whether it is the best of its column
 */
public record Cell(String text, double value, double std, double gap, boolean best) {
  /** How an absent number reads. */
  public static final String ABSENT = "-";

  public Cell {
    Objects.requireNonNull(text, "text");
  }

  /** Words. */
  public static Cell text(String text) {
    return new Cell(text, Double.NaN, Double.NaN, Double.NaN, false);
  }

  /** A number that is not there. */
  public static Cell absent() {
    return text(ABSENT);
  }

  /** {@code 94.61}. */
  public static Cell number(double value, int decimals) {
    return new Cell(fixed(value, decimals), value, Double.NaN, Double.NaN, false);
  }

  /** {@code 1.3e-07}: for numbers that span orders of magnitude, such as p-values. */
  public static Cell scientific(double value, int decimals) {
    String text =
        Double.isFinite(value)
            ? String.format(Locale.ROOT, "%." + decimals + "e", value)
            : fixed(value, decimals);
    return new Cell(text, value, Double.NaN, Double.NaN, false);
  }

  /** {@code 94.61±0.46}; without a standard deviation just the mean. */
  public static Cell meanStd(double mean, double std, int decimals) {
    String text = fixed(mean, decimals);
    if (!Double.isNaN(mean) && !Double.isNaN(std)) {
      text += "±" + fixed(std, decimals);
    }
    return new Cell(text, mean, std, Double.NaN, false);
  }

  /** This cell with the distance from the reference in brackets: {@code 94.61±0.46 (0.83)}. */
  public Cell withGap(double gap, int decimals) {
    String shown = Double.isNaN(gap) ? text : text + " (" + fixed(gap, decimals) + ")";
    return new Cell(shown, value, std, gap, best);
  }

  /** This cell as the best of its column: bold, or starred where there is no bold. */
  public Cell asBest() {
    return new Cell(text, value, std, gap, true);
  }

  private static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return ABSENT;
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-inf" : "inf";
    }
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
