package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;

/**
 * One optimizer and one state for every objective: the baseline of Algorithm 1 (shared form). The
 * rates may differ by objective; the state never does.
 *
 * @param optimizer the rule
 * @param lrForget learning rate of FORGET steps; absent means {@code optimizer.lr}
 * @param lrRetain learning rate of RETAIN steps; absent means {@code optimizer.lr}
 */
public record Shared(Optimizer optimizer, Double lrForget, Double lrRetain)
    implements UnlearningOptimizer {

  public Shared {
    Check.present("optimizer", optimizer);
    Check.nonNegative("lr_forget", lrForget);
    Check.nonNegative("lr_retain", lrRetain);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState(parameters).part("shared", optimizer.init(parameters, owner));
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    Double own =
        switch (objective) {
          case FORGET -> lrForget;
          case RETAIN -> lrRetain;
          case JOINT -> null;
        };
    optimizer.step(
        parameters,
        gradients,
        state.part("shared"),
        (own == null ? optimizer.lr() : own) * lrFactor);
  }

  @Override
  public boolean accepts(Objective objective) {
    return true;
  }
}
