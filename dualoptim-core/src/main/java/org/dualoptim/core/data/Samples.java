package org.dualoptim.core.data;

import ai.djl.ndarray.NDManager;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** Labelled samples that batches are cut from. */
public interface Samples {

  int size();

  /**
   * Loads rows as they are for evaluation.
   *
   * @return inputs and labels in {@code manager}
   */
  LabeledBatch load(int[] rows, NDManager manager);

  /**
   * Loads rows with training augmentation.
   *
   * @param random the generator of the sample at each place of the batch
   */
  default LabeledBatch augmented(
      int[] rows, IntFunction<RandomGenerator> random, NDManager manager) {
    return load(rows, manager);
  }
}
