package org.dualoptim.core.image;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.dualoptim.core.data.NumpyRandom;
import org.dualoptim.core.recipe.Check;

/**
 * Which images each part of a trial sees, drawn with NumPy's legacy generator exactly as the
 * official code draws them. All arrays are ascending and hold indices of the source's training set,
 * {@code test} of its test set.
 *
 * <ol>
 *   <li>Validation set of a split seed: one generator with that seed; for every class in order, a
 *       choice of {@code floor(fraction * count)} of its images without replacement. The training
 *       subset is the rest.
 *   <li>Forget set of trial seed s: a fresh generator with seed {@code s - 1}; a choice among all
 *       positions of the training subset, or among those of one class.
 * </ol>
 *
 * <p>Where the whole class of the training subset is forgotten, it leaves the test set too.
 *
 * @param pretrain what the starting model is trained on
 * @param train forget and retain set together: the training subset of the trial's split seed
 * @param forget the forget set
 * @param retain the retain set
 * @param test the test images that count
 * @param unseen how many images of the forget set are not in {@code pretrain}
 */
public record Splits(
    int[] pretrain, int[] train, int[] forget, int[] retain, int[] test, int unseen) {

  /** The split seed that pretraining always has in the official code. */
  private static final long PUBLISHED_PRETRAIN_SEED = 1;

  /**
   * Draws the splits of one trial.
   *
   * @param data the images; only labels are read
   * @param spec what to draw
   * @param seed the trial's, at least 1
   * @throws IllegalArgumentException if the seed, the class or the count does not fit the data
   */
  public static Splits of(ImageData data, SplitSpec spec, long seed) {
    return of(data.train().labels(), data.test().labels(), data.classes().size(), spec, seed);
  }

  /**
   * Draws the splits of one trial.
   *
   * @param trainLabels class index of every training image
   * @param testLabels class index of every test image
   * @param classes how many classes there are
   * @param spec what to draw
   * @param seed the trial's, at least 1
   * @throws IllegalArgumentException if the seed, the class or the count does not fit the data
   */
  public static Splits of(
      int[] trainLabels, int[] testLabels, int classes, SplitSpec spec, long seed) {
    Check.require(seed >= 1 && seed <= 0xffffffffL, "seed", "in [1, 4294967295]", seed);
    double fraction = spec.validationFraction();
    int[] train = without(trainLabels.length, validation(trainLabels, classes, fraction, seed));
    int[] pretrain =
        spec.kind() == SplitSpec.Kind.CLEAN || seed == PUBLISHED_PRETRAIN_SEED
            ? train.clone()
            : without(
                trainLabels.length,
                validation(trainLabels, classes, fraction, PUBLISHED_PRETRAIN_SEED));

    int[] candidates = candidates(trainLabels, train, classes, spec);
    int count = forgetCount(candidates.length, train.length, spec);
    int[] drawn = new NumpyRandom(seed - 1).choice(candidates, count);
    int[] retainPositions = without(train.length, drawn);
    int[] forgetPositions = without(train.length, retainPositions);
    int[] forget = at(train, forgetPositions);

    boolean wholeClass = spec.forgetClass() != null && count == candidates.length;
    int[] test =
        IntStream.range(0, testLabels.length)
            .filter(i -> !wholeClass || testLabels[i] != spec.forgetClass())
            .toArray();
    BitSet seen = setOf(pretrain);
    int unseen = (int) Arrays.stream(forget).filter(i -> !seen.get(i)).count();
    return new Splits(pretrain, train, forget, at(train, retainPositions), test, unseen);
  }

  /** Positions of the forget set in {@link #train}, ascending, as the reference counts them. */
  public int[] forgetPositions() {
    return positions(forget);
  }

  /** Positions of the retain set in {@link #train}, ascending. */
  public int[] retainPositions() {
    return positions(retain);
  }

  private int[] positions(int[] indices) {
    return Arrays.stream(indices).map(index -> Arrays.binarySearch(train, index)).toArray();
  }

  /** The validation set in draw order, class after class, as indices of the training set. */
  static int[] validation(int[] labels, int classes, double fraction, long seed) {
    NumpyRandom random = new NumpyRandom(seed);
    IntStream.Builder all = IntStream.builder();
    for (int c = 0; c < classes; c++) {
      int label = c;
      int[] ofClass = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
      for (int index : random.choice(ofClass, (int) Math.floor(fraction * ofClass.length))) {
        all.add(index);
      }
    }
    return all.build().toArray();
  }

  private static int[] candidates(int[] labels, int[] train, int classes, SplitSpec spec) {
    if (spec.forgetClass() == null) {
      return IntStream.range(0, train.length).toArray();
    }
    Check.require(
        spec.forgetClass() < classes,
        "forget_class",
        "in [0, " + (classes - 1) + "]",
        spec.forgetClass());
    return IntStream.range(0, train.length)
        .filter(position -> labels[train[position]] == spec.forgetClass())
        .toArray();
  }

  private static int forgetCount(int candidates, int train, SplitSpec spec) {
    int count = spec.forgetCount() == null ? candidates : spec.forgetCount();
    Check.require(
        count >= 1 && count <= candidates,
        "forget_count",
        "in [1, " + candidates + "], the images there are to choose from",
        count);
    Check.require(
        count < train, "forget_count", "less than the " + train + " training images", count);
    return count;
  }

  /** 0..n-1 except the excluded, ascending. */
  private static int[] without(int n, int[] excluded) {
    BitSet out = setOf(excluded);
    return IntStream.range(0, n).filter(i -> !out.get(i)).toArray();
  }

  private static int[] at(int[] values, int[] positions) {
    return Arrays.stream(positions).map(position -> values[position]).toArray();
  }

  private static BitSet setOf(int[] members) {
    BitSet set = new BitSet();
    for (int member : members) {
      set.set(member);
    }
    return set;
  }
}
