package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.data.Shuffled;

/**
 * Augmented rows, the first {@code relabelled} of which get labels drawn uniformly over all
 * classes, anew at every pass.
 *
 * @param samples the rows
 * @param relabelled how many rows, counted from the first, get random labels
 * @param classes how many classes random labels are drawn from
 * @param stream keeps these draws apart from those of other batches
 */
record AugmentedRows(Samples samples, int relabelled, int classes, Draws draws, String stream)
    implements Shuffled.Rows<LabeledBatch> {

  /** In a new random order at every pass. */
  Shuffled<LabeledBatch> batches(int size) {
    return new Shuffled<>(samples.size(), size, draws, stream + "/order", this);
  }

  @Override
  public LabeledBatch load(int[] rows, int pass, int index, NDManager manager) {
    LabeledBatch batch =
        samples.augmented(
            rows, place -> draws.at(stream + "/augmentation", pass, rows[place]), manager);
    if (relabelled == 0) {
      return batch;
    }
    long[] labels = batch.labels().toLongArray();
    for (int place = 0; place < rows.length; place++) {
      if (rows[place] < relabelled) {
        labels[place] = draws.at(stream + "/label", pass, rows[place]).nextInt(classes);
      }
    }
    return new LabeledBatch(batch.inputs(), manager.create(labels));
  }
}
