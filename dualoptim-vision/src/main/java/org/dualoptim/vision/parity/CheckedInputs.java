package org.dualoptim.vision.parity;

import java.util.Arrays;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;

/**
 * Inputs of a classifier's case, checked before the engine meets them: what it would broadcast,
 * convert or pass over (a label of -100) is refused here, and what it would refuse is named.
 */
final class CheckedInputs {
  private static final int CHANNELS = 3;

  private CheckedInputs() {}

  /** Images [N,3,H,W], none of these 0, as F32. */
  static HostTensor images(ParityCase c, String name) {
    HostTensor images = c.in(name);
    long[] shape = images.shape();
    boolean fits =
        shape.length == 4 && shape[1] == CHANNELS && Arrays.stream(shape).allMatch(n -> n > 0);
    require(fits && images.dtype().isFloating(), images, name, "F32 [N,3,H,W]");
    return c.floats(name);
  }

  /** One row of class scores per sample: [B,C], neither of them 0, as F32. */
  static HostTensor scores(ParityCase c, String name) {
    HostTensor scores = c.in(name);
    long[] shape = scores.shape();
    boolean fits = shape.length == 2 && shape[0] > 0 && shape[1] > 0;
    require(fits && scores.dtype().isFloating(), scores, name, "F32 [B,C]");
    return c.floats(name);
  }

  /** Scores in the shape of others. */
  static HostTensor scoresLike(HostTensor others, ParityCase c, String name) {
    HostTensor scores = scores(c, name);
    return require(
        Arrays.equals(scores.shape(), others.shape()),
        scores,
        name,
        "F32 " + Arrays.toString(others.shape()));
  }

  /** One label for each of {@code rows} samples, whatever its value. */
  static HostTensor labels(ParityCase c, String name, long rows) {
    HostTensor labels = c.in(name);
    boolean fits = Arrays.equals(labels.shape(), new long[] {rows});
    return require(fits && !labels.dtype().isFloating(), labels, name, "I64 [" + rows + "]");
  }

  /** The same, each a class in {@code 0..classes-1}. */
  static HostTensor labels(ParityCase c, String name, long rows, long classes) {
    HostTensor labels = labels(c, name, rows);
    long[] values = labels.longs();
    for (int i = 0; i < values.length; i++) {
      requireClass(values[i], classes, "in/" + name + " at [" + i + "]");
    }
    return HostTensor.of(values, rows);
  }

  /**
   * @param where which label it is, for the message
   */
  static void requireClass(long label, long classes, String where) {
    if (label < 0 || label >= classes) {
      throw new ParityException(
          where + " is " + label + ", but the classes are 0.." + (classes - 1));
    }
  }

  private static HostTensor require(boolean fits, HostTensor input, String name, String what) {
    if (!fits) {
      throw new ParityException(
          "in/"
              + name
              + " must be "
              + what
              + ", got "
              + input.dtype()
              + " "
              + Arrays.toString(input.shape()));
    }
    return input;
  }
}
