package org.dualoptim.eval.metric;

/**
 * Sums in the order of NumPy's {@code sum}, so that even what rounding leaves of a sum that should
 * be 0 is NumPy's: halves that start at multiples of 8 are summed apart, down to 128 values, which
 * fill 8 interleaved partial sums.
 */
final class PairwiseSum {
  private static final int LANES = 8;
  private static final int BLOCK = 128;

  private PairwiseSum() {}

  /** The sum of all values; 0 for none. */
  static double of(double[] values) {
    return of(values, 0, values.length);
  }

  private static double of(double[] values, int start, int count) {
    if (count > BLOCK) {
      int half = count / 2 / LANES * LANES;
      return of(values, start, half) + of(values, start + half, count - half);
    }
    double sum = 0;
    int whole = count / LANES * LANES;
    if (whole > 0) {
      double[] lanes = new double[LANES];
      for (int i = 0; i < whole; i++) {
        lanes[i % LANES] += values[start + i];
      }
      sum =
          ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
              + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    }
    for (int i = whole; i < count; i++) {
      sum += values[start + i];
    }
    return sum;
  }
}
