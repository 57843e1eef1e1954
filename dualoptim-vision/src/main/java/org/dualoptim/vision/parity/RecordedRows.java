package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.vision.method.LabeledBatch;

/**
 * The samples of a case.
 *
 * @param inputs values of all rows, one after the other
 * @param row the shape of one row
 * @param labels class of each row
 */
record RecordedRows(float[] inputs, Shape row, long[] labels) {

  /** Inputs {@code x} [N,...] and labels {@code y} [N]. */
  static RecordedRows of(ParityCase c) {
    HostTensor x = c.in("x");
    HostTensor y = c.in("y");
    Shape shape = new Shape(x.shape());
    if (shape.dimension() < 2 || y.shape().length != 1 || y.numel() != shape.get(0)) {
      throw new ParityException(
          "x must be [N,...] and y [N], got " + shape + " and " + new Shape(y.shape()));
    }
    return new RecordedRows(x.floats(), shape.slice(1), y.longs());
  }

  /**
   * The given rows in that order.
   *
   * @param replaced labels to give them, or null for their own
   */
  LabeledBatch load(List<Integer> rows, List<Long> replaced, NDManager manager) {
    int width = Math.toIntExact(row.size());
    float[] values = new float[rows.size() * width];
    long[] classes = new long[rows.size()];
    for (int i = 0; i < classes.length; i++) {
      int index = rows.get(i);
      if (index < 0 || index >= labels.length) {
        throw new ParityException(
            "a batch names row " + index + ", but x has " + labels.length + " rows");
      }
      System.arraycopy(inputs, index * width, values, i * width, width);
      classes[i] = replaced == null ? labels[index] : replaced.get(i);
    }
    return new LabeledBatch(
        manager.create(values, new Shape(rows.size()).addAll(row)), manager.create(classes));
  }
}
