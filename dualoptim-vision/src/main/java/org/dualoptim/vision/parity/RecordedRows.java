package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;

/**
 * The samples of a case.
 *
 * @param inputs values of all rows, one after the other
 * @param row the shape of one row
 * @param labels class of each row; those that a batch names must be one of {@code classes}
 * @param classes number of classes
 */
record RecordedRows(float[] inputs, Shape row, long[] labels, int classes) {

  /** Images {@code x} [N,3,H,W] and labels {@code y} [N]. */
  static RecordedRows of(ParityCase c, int classes) {
    HostTensor x = CheckedInputs.images(c, "x");
    Shape shape = new Shape(x.shape());
    HostTensor y = CheckedInputs.labels(c, "y", shape.get(0));
    return new RecordedRows(x.floats(), shape.slice(1), y.longs(), classes);
  }

  /**
   * The given rows in that order.
   *
   * @param replaced labels to give them, or null for their own
   */
  LabeledBatch load(List<Integer> rows, List<Long> replaced, NDManager manager) {
    int width = Math.toIntExact(row.size());
    float[] values = new float[rows.size() * width];
    long[] drawn = new long[rows.size()];
    for (int i = 0; i < drawn.length; i++) {
      int index = rows.get(i);
      if (index < 0 || index >= labels.length) {
        throw new ParityException(
            "a batch names row " + index + ", but x has " + labels.length + " rows");
      }
      System.arraycopy(inputs, index * width, values, i * width, width);
      drawn[i] = replaced == null ? labels[index] : replaced.get(i);
      CheckedInputs.requireClass(
          drawn[i],
          classes,
          replaced == null ? "in/y at [" + index + "]" : "the label recorded for row " + index);
    }
    return new LabeledBatch(
        manager.create(values, new Shape(rows.size()).addAll(row)), manager.create(drawn));
  }
}
