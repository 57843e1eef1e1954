package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;

/**
 * One change to a part's gradients before the optimizer sees them. Transforms run in the order the
 * part lists them.
 */
public interface GradientTransform {

  /** The name by which a recipe orders it, e.g. {@code mask} or {@code clip}. */
  String kind();

  /**
   * Changes the gradients in place; runs without a graph.
   *
   * @param gradients one array per trained parameter
   * @param state where the run stands before the step; a transform that compares objectives keeps
   *     their gradients there ({@link LoopState#keep})
   */
  void apply(NDList gradients, LoopState state);
}
