package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;

/**
 * What an objective descends: a differentiable scalar of a batch at the current weights. What a
 * method computed beforehand (a teacher's weights, reference values) is captured by the loss.
 *
 * @param <B> the batch
 */
@FunctionalInterface
public interface Loss<B> {

  /**
   * The scalar [] to descend, FLOAT32 or FLOAT64, in the batch's manager or one below it; the graph
   * reaches the trained parameters.
   */
  NDArray of(B batch, Moment moment);
}
