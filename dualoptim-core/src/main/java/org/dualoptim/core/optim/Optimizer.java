package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.dualoptim.core.tensor.Parameters;

/**
 * A rule that turns gradients into updates, with torch's semantics. An implementation is a record
 * of hyperparameters: one table of a recipe. What the rule remembers between steps is an {@link
 * OptimizerState}, a value that is saved, loaded and compared.
 *
 * <p>The gradients given to {@link #step} may be overwritten. Steps run without a graph, inside the
 * caller's scope.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Optimizer {

  /** The learning rate of the recipe; a schedule multiplies it. */
  double lr();

  /** The state before the first step, owned by {@code owner}. */
  OptimizerState init(Parameters parameters, NDManager owner);

  /**
   * One step in place.
   *
   * @param parameters the trained arrays
   * @param gradients one array per parameter, in the same order and memory format; may be
   *     overwritten
   * @param state made by {@link #init} for the same parameters; advanced
   * @param lr the learning rate of this step
   */
  void step(Parameters parameters, NDList gradients, OptimizerState state, double lr);
}
