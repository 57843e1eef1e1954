package org.dualoptim.eval.metric;

import java.util.Arrays;
import org.dualoptim.core.unlearn.NotFiniteException;

/**
 * A classifier's outputs on one set, beside the true classes.
 *
 * @param logits [N, C], before the softmax; not copied
 * @param targets [N], each in 0..C-1; not copied
 */
public record Predictions(float[][] logits, int[] targets) {

  /**
   * Checks the shapes.
   *
   * @throws IllegalArgumentException if the set is empty, lengths differ or a target is no class
   * @throws NotFiniteException if a largest logit is NaN or infinite
   */
  public Predictions {
    Softmax.check(logits);
    if (logits.length != targets.length) {
      throw new IllegalArgumentException(
          "There are "
              + logits.length
              + " predictions but "
              + targets.length
              + " targets; give one target per row.");
    }
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] < 0 || targets[i] >= logits[i].length) {
        throw new IllegalArgumentException(
            "Target "
                + targets[i]
                + " of row "
                + i
                + " is no class of a model with "
                + logits[i].length
                + " outputs; classes count from 0.");
      }
    }
  }

  /** How many rows there are. */
  public int size() {
    return targets.length;
  }

  /** The first rows; shares the arrays of its rows. */
  Predictions first(int rows) {
    return new Predictions(Arrays.copyOf(logits, rows), Arrays.copyOf(targets, rows));
  }
}
