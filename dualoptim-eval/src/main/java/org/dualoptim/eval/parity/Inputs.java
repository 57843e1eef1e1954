package org.dualoptim.eval.parity;

import java.util.Arrays;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.eval.metric.Predictions;

/** A case's tensors in the shapes that metrics take. */
final class Inputs {
  private Inputs() {}

  /** An input [N, C] as rows. */
  static float[][] rows(ParityCase c, String name) {
    HostTensor tensor = c.in(name);
    long[] shape = ranked(c, name, tensor, 2);
    float[] flat = tensor.floats();
    int columns = (int) shape[1];
    float[][] rows = new float[(int) shape[0]][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /** Logits [N, C] under a name, and the true classes [N] under that name with {@code _target}. */
  static Predictions predictions(ParityCase c, String name) {
    String target = name + "_target";
    HostTensor classes = c.in(target);
    ranked(c, target, classes, 1);
    return new Predictions(
        rows(c, name), Arrays.stream(classes.longs()).mapToInt(Math::toIntExact).toArray());
  }

  private static long[] ranked(ParityCase c, String name, HostTensor tensor, int rank) {
    long[] shape = tensor.shape();
    if (shape.length != rank) {
      throw new ParityException(
          "case "
              + c.name()
              + ": in/"
              + name
              + " must have "
              + rank
              + " dimensions, got "
              + Arrays.toString(shape));
    }
    return shape;
  }
}
