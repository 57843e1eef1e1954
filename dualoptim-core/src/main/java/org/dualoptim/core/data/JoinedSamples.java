package org.dualoptim.core.data;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The rows of one set and then those of another, as JOINT batches want them.
 *
 * @param first rows 0 to {@code first.size() - 1}
 * @param second the rows after them
 */
public record JoinedSamples(Samples first, Samples second) implements Samples {

  @Override
  public int size() {
    return first.size() + second.size();
  }

  @Override
  public LabeledBatch load(int[] rows, NDManager manager) {
    return join(rows, (samples, own, places) -> samples.load(own, manager), manager);
  }

  @Override
  public LabeledBatch augmented(
      int[] rows, IntFunction<RandomGenerator> random, NDManager manager) {
    return join(
        rows,
        (samples, own, places) ->
            samples.augmented(own, place -> random.apply(places[place]), manager),
        manager);
  }

  private interface Load {
    /** Some rows of one set, which lie at {@code places} of the joined batch. */
    LabeledBatch of(Samples samples, int[] rows, int[] places);
  }

  private LabeledBatch join(int[] rows, Load load, NDManager manager) {
    int[] ofFirst = places(rows, row -> row < first.size());
    int[] ofSecond = places(rows, row -> row >= first.size());
    if (ofSecond.length == 0) {
      return load.of(first, rows, ofFirst);
    }
    int[] shifted = Arrays.stream(ofSecond).map(place -> rows[place] - first.size()).toArray();
    LabeledBatch b = load.of(second, shifted, ofSecond);
    if (ofFirst.length == 0) {
      return b;
    }
    LabeledBatch a =
        load.of(first, Arrays.stream(ofFirst).map(place -> rows[place]).toArray(), ofFirst);
    long[] order = new long[rows.length];
    for (int i = 0; i < ofFirst.length; i++) {
      order[ofFirst[i]] = i;
    }
    for (int i = 0; i < ofSecond.length; i++) {
      order[ofSecond[i]] = ofFirst.length + i;
    }
    NDIndex index = new NDIndex("{}", manager.create(order));
    return new LabeledBatch(
        NDArrays.concat(new NDList(a.inputs(), b.inputs())).get(index),
        NDArrays.concat(new NDList(a.labels(), b.labels())).get(index));
  }

  private static int[] places(int[] rows, IntPredicate which) {
    return IntStream.range(0, rows.length).filter(place -> which.test(rows[place])).toArray();
  }
}
