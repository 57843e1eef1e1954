package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dualoptim.core.data.NumpyRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Golden numbers: the official DualOptim code's validation and forget sets under NumPy 1.24, for
 * data sets of CIFAR-10's size. Which image has which label does not matter to a class's stream of
 * draws, so labels repeat 0..9 here.
 */
class SplitsTest {
  private static final int[] TRAIN = labels(50_000);
  private static final int[] TEST = labels(10_000);

  private static int[] labels(int n) {
    return IntStream.range(0, n).map(i -> i % 10).toArray();
  }

  private static SplitSpec random(SplitSpec.Kind kind, int count) {
    return new SplitSpec(kind, 0.1, count, null);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100874819",
    "2, 102444727",
    "3, 101135478",
    "4, 102277448",
    "5, 100306796",
    "6, 99970042"
  })
  void forgetPositionsAreTheOfficialOnes(long seed, long sum) {
    Splits splits = Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.AS_PUBLISHED, 4500), seed);
    assertThat(splits.forgetPositions()).hasSize(4500).isSorted();
    assertThat(Arrays.stream(splits.forgetPositions()).asLongStream().sum()).isEqualTo(sum);
  }

  @ParameterizedTest
  @CsvSource({
    "65937, 6594, 2, 213495849", "65937, 6594, 3, 216806890", "65937, 6594, 6, 217358745",
    "99999, 10000, 2, 496792944", "99999, 10000, 4, 497979568", "99999, 10000, 6, 499182341"
  })
  void forgetPositionsOfOtherSizesAreTheOfficialOnes(int n, int k, long seed, long sum) {
    SplitSpec spec = new SplitSpec(SplitSpec.Kind.CLEAN, 0, k, null);
    Splits splits = Splits.of(labels(n), TEST, 10, spec, seed);
    assertThat(Arrays.stream(splits.forget()).asLongStream().sum()).isEqualTo(sum);
  }

  @Test
  void validationDrawsOfAllClassesShareOneStream() {
    int[] seed1 = Splits.validation(TRAIN, 10, 0.1, 1);
    assertThat(positionsInClass(seed1, 0)).containsExactly(2764, 4767, 3814, 3499, 2735);
    assertThat(positionsInClass(seed1, 500)).containsExactly(473, 2932, 3982, 881, 3158);
    assertThat(Arrays.stream(seed1, 500, 1000)).allMatch(i -> TRAIN[i] == 1);
    int[] seed2 = Splits.validation(TRAIN, 10, 0.1, 2);
    assertThat(positionsInClass(seed2, 0)).containsExactly(3566, 4252, 1918, 4111, 1471);
  }

  private static int[] positionsInClass(int[] drawn, int from) {
    return Arrays.stream(drawn, from, from + 5).map(i -> i / 10).toArray();
  }

  @Test
  void publishedPretrainingMissesATenthOfTheForgetSetAndACleanOneNothing() {
    Splits published = Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.AS_PUBLISHED, 4500), 3);
    assertThat(published.unseen()).isBetween(400, 500);
    int missing = 0;
    for (int index : published.forget()) {
      missing += Arrays.binarySearch(published.pretrain(), index) < 0 ? 1 : 0;
    }
    assertThat(published.unseen()).isEqualTo(missing);

    Splits clean = Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.CLEAN, 4500), 3);
    assertThat(clean.unseen()).isZero();
    assertThat(clean.pretrain()).isEqualTo(clean.train());
    assertThat(clean.forget()).isEqualTo(published.forget());

    Splits seed1 = Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.AS_PUBLISHED, 4500), 1);
    assertThat(seed1.unseen()).isZero();
    assertThat(seed1.pretrain()).isEqualTo(published.pretrain());
  }

  @Test
  void forgetAndRetainShareOutTheTrainingSubset() {
    Splits splits = Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.AS_PUBLISHED, 22_500), 2);
    assertThat(splits.train()).hasSize(45_000).isSorted();
    assertThat(splits.retain()).hasSize(22_500).isSorted();
    int[] both =
        IntStream.concat(Arrays.stream(splits.forget()), Arrays.stream(splits.retain()))
            .sorted()
            .toArray();
    assertThat(both).isEqualTo(splits.train());
    assertThat(splits.train()[splits.retainPositions()[7]]).isEqualTo(splits.retain()[7]);
    assertThat(splits.test()).hasSize(10_000);
  }

  @Test
  void aWholeForgottenClassLeavesTheTestSet() {
    SplitSpec all = new SplitSpec(SplitSpec.Kind.AS_PUBLISHED, 0.1, null, 3);
    Splits whole = Splits.of(TRAIN, TEST, 10, all, 2);
    assertThat(Arrays.stream(whole.forget())).hasSize(4500).allMatch(i -> TRAIN[i] == 3);
    assertThat(Arrays.stream(whole.retain())).hasSize(40_500).noneMatch(i -> TRAIN[i] == 3);
    assertThat(Arrays.stream(whole.test())).hasSize(9000).noneMatch(i -> TEST[i] == 3);
    SplitSpec counted = new SplitSpec(SplitSpec.Kind.AS_PUBLISHED, 0.1, 4500, 3);
    assertThat(Splits.of(TRAIN, TEST, 10, counted, 2).test()).hasSize(9000);
  }

  @Test
  void aPartOfAClassIsDrawnAmongItsPositionsAndKeepsTheTestSet() {
    SplitSpec part = new SplitSpec(SplitSpec.Kind.CLEAN, 0, 100, 3);
    Splits splits = Splits.of(TRAIN, TEST, 10, part, 2);
    // position p of class 3 is image 10 p + 3
    int[] expected =
        Arrays.stream(new NumpyRandom(1).choice(5000, 100)).map(p -> 10 * p + 3).sorted().toArray();
    assertThat(splits.forget()).isEqualTo(expected);
    assertThat(splits.test()).hasSize(10_000);
  }

  @Test
  void whatDoesNotFitIsSaidInOneSentence() {
    assertThatThrownBy(() -> Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.CLEAN, 5), 0))
        .hasMessage("seed must be in [1, 4294967295], got 0");
    assertThatThrownBy(() -> Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.CLEAN, 45_001), 1))
        .hasMessage(
            "forget_count must be in [1, 45000], the images there are to choose from, got 45001");
    assertThatThrownBy(() -> Splits.of(TRAIN, TEST, 10, random(SplitSpec.Kind.CLEAN, 45_000), 1))
        .hasMessage("forget_count must be less than the 45000 training images, got 45000");
    assertThatThrownBy(
            () -> Splits.of(TRAIN, TEST, 10, new SplitSpec(SplitSpec.Kind.CLEAN, 0.1, null, 10), 1))
        .hasMessage("forget_class must be in [0, 9], got 10");
    assertThatThrownBy(() -> new SplitSpec(SplitSpec.Kind.CLEAN, 1, 5, null))
        .hasMessage("validation_fraction must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new SplitSpec(SplitSpec.Kind.CLEAN, 0.1, null, null))
        .hasMessage("forget_count must be given unless forget_class is, got neither");
  }
}
