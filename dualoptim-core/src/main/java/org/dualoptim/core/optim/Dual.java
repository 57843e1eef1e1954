package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.unlearn.Objective;

/**
 * DualOptim: two independent optimizers over the same parameters. A FORGET gradient meets only the forget state, a RETAIN gradient only the
 * retain state; the other's moments and counters stay bit for bit as they were.
 *
 * <p>Source: Zhong, Luo and Liu, NeurIPS 2025, Algorithm 1 (dual form).
 *
 * @param forget the optimizer of the forgetting objective, adaptive in the paper
 * @param retain the optimizer of the retaining objective, the pretraining optimizer in the paper
 */
public record Dual(Optimizer forget, Optimizer retain) implements UnlearningOptimizer {

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState()
        .part("forget", forget.init(parameters, owner))
        .part("retain", retain.init(parameters, owner));
  }

  @Override
  public void step(Objective objective, Parameters parameters, NDList gradients, OptimizerState state, double lrFactor) {
    Optimizer optimizer =
        switch (objective) {
          case FORGET -> forget;
          case RETAIN -> retain;
          case JOINT -> throw new IllegalArgumentException("a JOINT step needs optimizer.kind = \"shared\", got \"dual\"");
        };
    optimizer.step(parameters, gradients, state.part(objective.id()), optimizer.lr() * lrFactor);
  }
}
