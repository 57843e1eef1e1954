package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.dualoptim.core.tensor.Parameters;

/**
 * Decides which state a FORGET or a RETAIN gradient meets: the one choice that DualOptim is about.
 * The objective of a step is always said; nothing infers it from a counter. As with {@link
 * Optimizer}, an implementation is a record and its memory an {@link OptimizerState}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface UnlearningOptimizer {

  /** The state before the first step, owned by {@code owner}. */
  OptimizerState init(Parameters parameters, NDManager owner);

  /**
   * One step in place.
   *
   * @param objective whose gradient this is
   * @param parameters the trained arrays
   * @param gradients one array per parameter; may be overwritten
   * @param state made by {@link #init}; advanced
   * @param lrFactor what the schedule multiplies every learning rate by
   * @throws IllegalArgumentException for a JOINT step, unless the optimizer is shared
   */
  void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor);

  /** Whether steps of this objective are meaningful: only a shared optimizer takes JOINT steps. */
  default boolean accepts(Objective objective) {
    return objective != Objective.JOINT;
  }
}
