package org.dualoptim.eval.parity;

import java.util.Arrays;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.eval.metric.Predictions;

/** A case's tensors in the shapes that metrics take. What does not fit is refused by its name. */
final class Inputs {
  private Inputs() {}

  /** An input [N, C] of floats as rows; neither N nor C is 0, nothing is NaN or +infinity. */
  static float[][] rows(ParityCase c, String name) {
    HostTensor tensor = ranked(c, name, 2);
    if (!tensor.dtype().isFloating()) {
      throw refused(c, name, "must hold floats, got " + tensor.dtype());
    }
    if (tensor.numel() == 0) {
      throw refused(
          c, name, "must have a row and a column at least, got " + Arrays.toString(tensor.shape()));
    }
    float[] flat = tensor.floats();
    int columns = (int) tensor.shape()[1];
    for (int i = 0; i < flat.length; i++) {
      if (!(flat[i] < Float.POSITIVE_INFINITY)) { // -infinity is a logit
        throw refused(
            c, name, "holds " + flat[i] + " at [" + i / columns + ", " + i % columns + "]");
      }
    }
    float[][] rows = new float[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /** An input [M, C] of floats with as many columns as another has. */
  static float[][] rows(ParityCase c, String name, float[][] other) {
    float[][] rows = rows(c, name);
    if (rows[0].length != other[0].length) {
      throw refused(
          c,
          name,
          "must have " + other[0].length + " columns like the rest, got " + rows[0].length);
    }
    return rows;
  }

  /** Logits [N, C] under a name, and the true classes [N] under that name with {@code _target}. */
  static Predictions predictions(ParityCase c, String name) {
    float[][] logits = rows(c, name);
    String target = name + "_target";
    HostTensor tensor = ranked(c, target, 1);
    if (tensor.dtype().isFloating()) {
      throw refused(c, target, "must hold integers, got " + tensor.dtype());
    }
    if (tensor.numel() != logits.length) {
      throw refused(
          c,
          target,
          "must hold one class for each of " + logits.length + " rows, got " + tensor.numel());
    }
    long[] classes = tensor.longs();
    int[] targets = new int[classes.length];
    for (int i = 0; i < targets.length; i++) {
      if (classes[i] < 0 || classes[i] >= logits[i].length) {
        throw refused(
            c,
            target,
            "holds "
                + classes[i]
                + " at ["
                + i
                + "], but there are "
                + logits[i].length
                + " classes");
      }
      targets[i] = (int) classes[i];
    }
    return new Predictions(logits, targets);
  }

  private static HostTensor ranked(ParityCase c, String name, int rank) {
    HostTensor tensor = c.in(name);
    if (tensor.shape().length != rank) {
      throw refused(
          c, name, "must have rank " + rank + ", got shape " + Arrays.toString(tensor.shape()));
    }
    return tensor;
  }

  private static ParityException refused(ParityCase c, String name, String why) {
    return new ParityException("case " + c.name() + ": in/" + name + " " + why);
  }
}
