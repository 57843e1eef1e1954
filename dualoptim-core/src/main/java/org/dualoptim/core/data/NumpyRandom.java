package org.dualoptim.core.data;

import java.util.Arrays;

/**
 * NumPy's legacy {@code RandomState(seed)}, as far as splits need it: the official code draws validation and forget sets with it,
 * and this class draws the same ones.
 *
 * <p>A bounded integer in 0..max masks {@link Mt19937} words to the smallest all-ones number that reaches max and rejects what is
 * larger; max = 0 consumes nothing. Source: NumPy 1.24, {@code random_interval} and {@code RandomState.permutation}.
 *
 * <p>Not thread-safe: one generator per user.
 */
public final class NumpyRandom {
  private final Mt19937 words;

  /**
   * A fresh generator.
   *
   * @param seed 0..2^32-1
   * @throws IllegalArgumentException if the seed is outside that range, which NumPy refuses as well
   */
  public NumpyRandom(long seed) {
    if (seed < 0 || seed > 0xffffffffL) {
      throw new IllegalArgumentException(
          "NumPy's RandomState takes seeds from 0 to 4294967295, not " + seed + "; choose one in that range.");
    }
    words = new Mt19937(seed);
  }

  /**
   * The next raw word of the stream.
   *
   * @return a number in 0..2^32-1
   */
  public long nextWord() {
    return words.nextWord();
  }

  /**
   * A uniform integer.
   *
   * @param max the largest value, inclusive, at least 0
   * @return a number in 0..max
   */
  public int nextInt(int max) {
    if (max < 0) {
      throw new IllegalArgumentException("The largest value of a draw must be at least 0, not " + max + ".");
    }
    if (max == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    long value;
    do {
      value = words.nextWord() & mask;
    } while (value > max);
    return (int) value;
  }

  /**
   * {@code permutation(n)}: 0..n-1, shuffled from the end.
   *
   * @param n how many, at least 0
   */
  public int[] permutation(int n) {
    return Shuffle.of(n, this::nextInt);
  }

  /**
   * {@code choice(n, k, replace=False)}: the first k entries of {@link #permutation permutation(n)}.
   *
   * @param n how many there are
   * @param k how many to take, 0..n
   * @return k different numbers of 0..n-1, in draw order
   * @throws IllegalArgumentException if k is negative or larger than n
   */
  public int[] choice(int n, int k) {
    if (k < 0 || k > n) {
      throw new IllegalArgumentException(
          "Cannot choose " + k + " of " + n + " without replacement; choose from 0 to " + n + ".");
    }
    return Arrays.copyOf(permutation(n), k);
  }

  /**
   * {@code choice(candidates, k, replace=False)}.
   *
   * @param candidates what to choose from; left as it is
   * @param k how many to take
   * @return k of the candidates, in draw order
   * @throws IllegalArgumentException if k is negative or larger than the number of candidates
   */
  public int[] choice(int[] candidates, int k) {
    int[] chosen = choice(candidates.length, k);
    for (int i = 0; i < k; i++) {
      chosen[i] = candidates[chosen[i]];
    }
    return chosen;
  }
}
