package org.dualoptim.core.data;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Every random draw of an experiment, as a pure function of (seed, stream, pass, index). No stream remembers anything: a resumed
 * run needs only its position, and threads that draw ahead disturb nobody.
 *
 * <p>A stream is named for what it decides ({@code "forget-order"}, {@code "crop"}, {@code "noise"}); draws with different
 * arguments are independent for every practical purpose, draws with equal arguments are equal, on every machine.
 *
 * @param seed the trial's seed
 */
public record Draws(long seed) {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * A generator for one draw.
   *
   * @param stream what is drawn
   * @param pass the pass over the data, or 0 where there is none
   * @param index the sample, step or batch
   * @return a fresh generator, owned by the caller
   */
  public RandomGenerator at(String stream, long pass, long index) {
    return new SplittableRandom(seedOf(stream, pass, index));
  }

  /**
   * The 64-bit seed of one draw, for a generator that is not Java's (the engine's).
   *
   * <p>Each component is absorbed in turn: {@code h = mix((h xor component) + gamma)}, with SplitMix64's finaliser (G. L. Steele
   * et al., "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) and the stream's name as its 64-bit FNV-1a hash.
   *
   * @param stream what is drawn
   * @param pass the pass over the data, or 0 where there is none
   * @param index the sample, step or batch
   */
  public long seedOf(String stream, long pass, long index) {
    long h = absorb(0, seed);
    h = absorb(h, fnv1a(stream));
    h = absorb(h, pass);
    return absorb(h, index);
  }

  /**
   * A random order of n things, Fisher-Yates from the end.
   *
   * @param stream what is ordered
   * @param pass the pass over the data: each has an order of its own
   * @param n how many, at least 0
   * @return 0..n-1, shuffled
   */
  public int[] permutation(String stream, long pass, int n) {
    RandomGenerator random = at(stream, pass, 0);
    return Shuffle.of(n, i -> random.nextInt(i + 1));
  }

  private static long absorb(long h, long component) {
    long z = (h ^ component) + GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long fnv1a(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
