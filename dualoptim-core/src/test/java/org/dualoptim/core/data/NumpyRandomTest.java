package org.dualoptim.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden numbers: the official DualOptim code's splits, drawn with NumPy 1.24. */
class NumpyRandomTest {

  @ParameterizedTest
  @CsvSource({
    "0, 45000, 4500, 44885, 10988, 26912, 7473, 32767, 100874819",
    "1, 45000, 4500, 25275, 12561, 24707, 25066, 33429, 102444727",
    "2, 45000, 4500, 29044, 5211, 31428, 32463, 14575, 101135478",
    "5, 45000, 4500, 19082, 23986, 32841, 16098, 3154, 99970042"
  })
  void forgetSetsOfCifar10MatchTheOfficialOnes(
      long seed, int n, int k, int a, int b, int c, int d, int e, long sum) {
    int[] forget = new NumpyRandom(seed).choice(n, k);
    assertThat(Arrays.copyOf(forget, 5)).containsExactly(a, b, c, d, e);
    assertThat(IntStream.of(forget).asLongStream().sum()).isEqualTo(sum);
  }

  @ParameterizedTest
  @CsvSource({"1, 65937, 6594, 213495849", "5, 65937, 6594, 217358745", "1, 99999, 10000, 496792944"})
  void forgetSetsOfSvhnAndTinyImageNetMatchTheOfficialOnes(long seed, int n, int k, long sum) {
    int[] forget = new NumpyRandom(seed).choice(n, k);
    assertThat(IntStream.of(forget).asLongStream().sum()).isEqualTo(sum);
  }

  @Test
  void theClassesOfAValidationSplitShareOneStream() {
    NumpyRandom random = new NumpyRandom(1);
    assertThat(Arrays.copyOf(random.choice(5000, 500), 5)).containsExactly(2764, 4767, 3814, 3499, 2735);
    assertThat(Arrays.copyOf(random.choice(5000, 500), 5)).containsExactly(473, 2932, 3982, 881, 3158);
  }

  @Test
  void choiceOfCandidatesPicksThemByPosition() {
    int[] candidates = {70, 10, 50, 90};
    int[] positions = new NumpyRandom(3).choice(4, 3);
    assertThat(new NumpyRandom(3).choice(candidates, 3))
        .containsExactly(IntStream.of(positions).map(i -> candidates[i]).toArray());
    assertThat(candidates).containsExactly(70, 10, 50, 90);
  }

  @Test
  void aDrawFromOneValueConsumesNothing() {
    NumpyRandom random = new NumpyRandom(0);
    assertThat(random.nextInt(0)).isZero();
    assertThat(random.permutation(1)).containsExactly(0);
    assertThat(random.permutation(0)).isEmpty();
    assertThat(random.nextWord()).isEqualTo(2357136044L);
  }

  @Test
  void theLargestBoundIsMaskedWithoutOverflow() {
    // 2357136044 has its top bit set, so the mask of 2^31-1 must clear it
    assertThat(new NumpyRandom(0).nextInt(Integer.MAX_VALUE)).isEqualTo((int) (2357136044L & 0x7fffffffL));
  }

  @Test
  void trialSeedZeroIsRefusedBecauseItsSplitSeedIsNegative() {
    assertThatThrownBy(() -> new NumpyRandom(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NumPy's RandomState takes seeds from 0 to 4294967295, not -1; choose one in that range.");
    assertThatThrownBy(() -> new NumpyRandom(1L << 32)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void choosingMoreThanThereIsSaysSo() {
    assertThatThrownBy(() -> new NumpyRandom(0).choice(3, 4))
        .hasMessage("Cannot choose 4 of 3 without replacement; choose from 0 to 3.");
  }
}
