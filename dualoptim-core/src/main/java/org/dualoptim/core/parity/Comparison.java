package org.dualoptim.core.parity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.dualoptim.core.io.HostTensor;

/**
 * Compares the outputs of one case, one after the other, and keeps the worst element of all.
 * Floating-point outputs pass where {@code |got - want| <= atol + rtol * |want|} in double
 * precision; integers and booleans where equal; infinities where the reference has the same; NaN
 * never.
 */
final class Comparison {
  /** Below this, a wanted value counts as zero for the relative error, which would say nothing. */
  private static final double TINY = 1e-12;

  /** One element of one output. */
  private record Element(String output, HostTensor got, HostTensor want, int index) {

    @Override
    public String toString() {
      return output
          + " at "
          + Arrays.toString(position(want, index))
          + ": got "
          + shown(got)
          + ", want "
          + shown(want);
    }

    private String shown(HostTensor tensor) {
      return tensor.dtype().isFloating()
          ? Float.toString(tensor.floats()[index])
          : Long.toString(tensor.longs()[index]);
    }
  }

  private double maxAbs;
  private double maxRel;
  private double worstExcess = -1;
  private String limit = "equal";
  private Optional<Element> worst = Optional.empty();
  private long beyond;

  /** Compares one output whose shape is known to be right. */
  void add(String output, HostTensor got, HostTensor want, double atol, double rtol) {
    boolean exact = !want.dtype().isFloating();
    String allowed =
        exact ? "equal" : String.format(Locale.ROOT, "atol %.3g, rtol %.3g", atol, rtol);
    boolean integers = exact && !got.dtype().isFloating();
    long[] gotLongs = integers ? got.longs() : new long[0];
    long[] wantLongs = integers ? want.longs() : new long[0];
    double[] gotDoubles = got.doubles();
    double[] wantDoubles = want.doubles();
    for (int i = 0; i < wantDoubles.length; i++) {
      double magnitude = Math.abs(wantDoubles[i]);
      double difference = difference(gotDoubles[i], wantDoubles[i]);
      if (integers && gotLongs[i] != wantLongs[i]) {
        difference = Math.max(1, difference); // neighbours beyond 2^53 are one double
      }
      double bound = exact || !Double.isFinite(magnitude) ? 0 : atol + rtol * magnitude;
      double excess = difference == 0 ? 0 : difference / bound;
      boolean within = difference <= bound;
      maxAbs = Math.max(maxAbs, difference);
      maxRel = Math.max(maxRel, relative(difference, magnitude));
      if (excess > worstExcess || !within && worst.isEmpty()) {
        worstExcess = excess;
        limit = allowed;
        worst = within ? Optional.empty() : Optional.of(new Element(output, got, want, i));
      }
      if (!within) {
        beyond++;
      }
    }
  }

  /** Where in a tensor its element number {@code index} in C order stands. */
  static long[] position(HostTensor tensor, int index) {
    long[] shape = tensor.shape();
    long[] position = new long[shape.length];
    long rest = index;
    for (int i = shape.length - 1; i >= 0; i--) {
      position[i] = rest % shape[i];
      rest /= shape[i];
    }
    return position;
  }

  /** Infinite where one is NaN, or they are not the same infinity. */
  private static double difference(double got, double want) {
    if (got == want) {
      return 0;
    }
    double difference = Math.abs(got - want);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }

  private static double relative(double difference, double magnitude) {
    if (difference == 0) {
      return 0;
    }
    return Double.isFinite(magnitude)
        ? difference / Math.max(magnitude, TINY)
        : Double.POSITIVE_INFINITY;
  }

  double maxAbs() {
    return maxAbs;
  }

  double maxRel() {
    return maxRel;
  }

  /** What was allowed where it mattered most. */
  String limit() {
    return limit;
  }

  /** The worst element beyond its limit and how many there are; empty if all are within. */
  Optional<String> failure() {
    return worst.map(
        element ->
            element
                + (beyond == 1
                    ? ", the only element beyond its limit"
                    : ", the worst of " + beyond + " elements beyond their limits"));
  }
}
