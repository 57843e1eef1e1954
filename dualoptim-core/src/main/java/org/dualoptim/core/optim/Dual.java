package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;

/**
 * DualOptim: two independent optimizers over the same parameters. A FORGET gradient meets only the
 * forget state, a RETAIN gradient only the retain state; the other's moments and counters stay bit
 * for bit as they were.
 *
 * <p>Source: Zhong, Luo and Liu, NeurIPS 2025, Algorithm 1 (dual form).
 *
 * @param forget the optimizer of the forgetting objective, adaptive in the paper
 * @param retain the optimizer of the retaining objective, the pretraining optimizer in the paper
 */
public record Dual(Optimizer forget, Optimizer retain) implements UnlearningOptimizer {

  public Dual {
    Check.present("forget", forget);
    Check.present("retain", retain);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState(parameters)
        .part(Objective.FORGET.id(), forget.init(parameters, owner))
        .part(Objective.RETAIN.id(), retain.init(parameters, owner));
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    Optimizer optimizer = EitherObjective.of(objective, forget, retain);
    optimizer.step(parameters, gradients, state.part(objective.id()), optimizer.lr() * lrFactor);
  }
}
