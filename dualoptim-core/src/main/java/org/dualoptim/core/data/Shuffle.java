package org.dualoptim.core.data;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** The Fisher-Yates shuffle, from the end: where NumPy's order and our own differ is only who draws. */
final class Shuffle {
  private Shuffle() {}

  /**
   * Shuffles 0..n-1.
   *
   * @param draw i to a number in 0..i
   */
  static int[] of(int n, IntUnaryOperator draw) {
    if (n < 0) {
      throw new IllegalArgumentException("A permutation needs a length of at least 0, not " + n + ".");
    }
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    for (int i = n - 1; i > 0; i--) {
      int j = draw.applyAsInt(i);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}
