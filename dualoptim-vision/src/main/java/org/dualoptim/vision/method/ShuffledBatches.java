package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;

/**
 * Samples in a new random order at every pass, augmented, the last batch as small as it comes. The
 * first {@code relabelled} rows get labels drawn uniformly over all classes, anew at every pass.
 */
final class ShuffledBatches implements Batches<LabeledBatch> {

  /** A pass and its order, kept because consecutive batches share it. */
  private record Order(int pass, int[] rows) {}

  private final Samples samples;
  private final int size;
  private final int relabelled;
  private final int classes;
  private final Draws draws;
  private final String stream;
  private volatile Order latest = new Order(-1, null);

  /**
   * @param size samples a batch
   * @param relabelled how many rows, counted from the first, get random labels
   * @param classes how many classes random labels are drawn from
   * @param stream keeps these draws apart from those of other batches
   */
  ShuffledBatches(
      Samples samples, int size, int relabelled, int classes, Draws draws, String stream) {
    this.samples = samples;
    this.size = size;
    this.relabelled = relabelled;
    this.classes = classes;
    this.draws = draws;
    this.stream = stream;
  }

  @Override
  public int perPass() {
    return (int) (((long) samples.size() + size - 1) / size);
  }

  @Override
  public double weight(int index) {
    return Math.min(size, samples.size() - index * size);
  }

  @Override
  public LabeledBatch load(int pass, int index, NDManager manager) {
    int from = index * size;
    int[] rows = Arrays.copyOfRange(order(pass), from, from + (int) weight(index));
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

  private int[] order(int pass) {
    Order order = latest;
    if (order.pass() != pass) {
      order = new Order(pass, draws.permutation(stream + "/order", pass, samples.size()));
      latest = order;
    }
    return order.rows();
  }
}
