package org.dualoptim.core.data;

/**
 * The Mersenne Twister MT19937 with Knuth's initialiser ({@code init_genrand}): the word stream under NumPy's legacy {@code
 * RandomState(seed)} and under PyTorch's CPU generator after {@code manual_seed(seed)}.
 *
 * <p>Seeding: {@code mt[0] = seed}, {@code mt[i] = 1812433253 (mt[i-1] xor (mt[i-1] >>> 30)) + i}, all modulo 2^32. Source: M.
 * Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998, with the initialiser of 2002.
 *
 * <p>Not commons-math3's {@code MersenneTwister}: version 3.6.1 sign-extends the seed, so it leaves the reference stream for every
 * seed from 2^31 up, and PyTorch seeds with any low 32 bits.
 *
 * <p>Not thread-safe: one generator per user.
 */
public final class Mt19937 {
  private static final int N = 624;
  private static final int M = 397;
  private static final int MATRIX_A = 0x9908b0df;
  private static final int UPPER_BIT = 0x80000000;
  private static final int LOWER_BITS = 0x7fffffff;

  private final int[] state = new int[N];
  private int next = N;

  /**
   * Seeds the generator.
   *
   * @param seed only its low 32 bits are used, as PyTorch does on the CPU
   */
  public Mt19937(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < N; i++) {
      int previous = state[i - 1];
      state[i] = 1812433253 * (previous ^ (previous >>> 30)) + i;
    }
  }

  /**
   * The next 32-bit word of the stream.
   *
   * @return a number in 0..2^32-1
   */
  public long nextWord() {
    if (next == N) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return Integer.toUnsignedLong(y);
  }

  private void twist() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & UPPER_BIT) | (state[(i + 1) % N] & LOWER_BITS);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX_A);
    }
    next = 0;
  }
}
