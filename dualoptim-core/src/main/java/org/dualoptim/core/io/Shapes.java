package org.dualoptim.core.io;

/** Sizes that a file claims, multiplied without overflow before anything is allocated. */
final class Shapes {
  /** What one Java array, and so one tensor in host memory, can hold. */
  static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private Shapes() {}

  /**
   * The number of elements of {@code shape}; 1 for a scalar.
   *
   * @throws ArithmeticException if a dimension is negative or the product, of all dimensions other
   *     than 0 as well, exceeds a long
   */
  static long numel(long... shape) {
    long product = 1;
    boolean empty = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new ArithmeticException("negative dimension");
      }
      if (dimension == 0) {
        empty = true;
      } else {
        product = Math.multiplyExact(product, dimension);
      }
    }
    return empty ? 0 : product;
  }
}
