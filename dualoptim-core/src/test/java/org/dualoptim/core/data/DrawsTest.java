package org.dualoptim.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private final Draws draws = new Draws(2);

  @Test
  void equalArgumentsGiveEqualDraws() {
    RandomGenerator one = draws.at("crop", 3, 17);
    RandomGenerator other = new Draws(2).at("crop", 3, 17);
    for (int i = 0; i < 100; i++) {
      assertThat(one.nextLong()).isEqualTo(other.nextLong());
    }
    assertThat(draws.permutation("order", 1, 50)).containsExactly(draws.permutation("order", 1, 50));
  }

  // The numbers of this class itself, first run on JDK 17: a JDK or a change that draws others must not pass unseen.
  @Test
  void drawsStayTheSameAcrossReleases() {
    assertThat(draws.seedOf("forget-order", 3, 17)).isEqualTo(5184518671617870712L);
    assertThat(draws.at("forget-order", 3, 17).nextInt(1000)).isEqualTo(164);
    assertThat(draws.permutation("forget-order", 0, 8)).containsExactly(4, 3, 0, 5, 6, 7, 1, 2);
  }

  @Test
  void neighbouringArgumentsNeverShareASeed() {
    Set<Long> seeds = new HashSet<>();
    int made = 0;
    for (long seed = -2; seed < 3; seed++) {
      for (String stream : new String[] {"", "a", "b", "ab", "ba", "noise", "noisf"}) {
        for (long pass = 0; pass < 10; pass++) {
          for (long index = -50; index < 50; index++) {
            seeds.add(new Draws(seed).seedOf(stream, pass, index));
            made++;
          }
        }
      }
    }
    assertThat(seeds).hasSize(made);
  }

  @Test
  void passAndIndexAreNotInterchangeable() {
    assertThat(draws.seedOf("crop", 1, 2)).isNotEqualTo(draws.seedOf("crop", 2, 1));
  }

  @Test
  void theFirstDrawIsUniformOverIndicesAndUncorrelatedAcrossStreams() {
    int n = 20_000;
    double mean = 0;
    double product = 0;
    double lag = 0;
    double previous = 0;
    for (int i = 0; i < n; i++) {
      double x = draws.at("flip", 0, i).nextDouble() - 0.5;
      double y = draws.at("crop", 0, i).nextDouble() - 0.5;
      mean += x / n;
      product += x * y / n;
      lag += x * previous / n;
      previous = x;
    }
    // standard errors: 0.29 / sqrt(n) = 0.0020 for the mean, 1/12 / sqrt(n) = 0.0006 for the products
    assertThat(mean).isCloseTo(0, within(0.008));
    assertThat(product).isCloseTo(0, within(0.0024));
    assertThat(lag).isCloseTo(0, within(0.0024));
  }

  @Test
  void aPermutationHoldsEveryPositionOnceAndChangesWithThePass() {
    int[] first = draws.permutation("order", 0, 1000);
    int[] sorted = first.clone();
    Arrays.sort(sorted);
    assertThat(sorted).containsExactly(IntStream.range(0, 1000).toArray());
    assertThat(draws.permutation("order", 1, 1000)).isNotEqualTo(first);
    assertThat(draws.permutation("order", 0, 0)).isEmpty();
  }

  @Test
  void everyFirstPositionOfAPermutationIsEquallyLikely() {
    int[] seen = new int[5];
    for (int pass = 0; pass < 10_000; pass++) {
      seen[draws.permutation("order", pass, 5)[0]]++;
    }
    for (int count : seen) {
      assertThat((double) count).isCloseTo(2000, within(160.0)); // four standard deviations
    }
  }
}
