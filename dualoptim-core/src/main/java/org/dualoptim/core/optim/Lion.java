package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Lion: the sign of an interpolated momentum, so that every weight moves by {@code lr} or, where
 * the interpolation is 0, not at all:
 *
 * <ol>
 *   <li>{@code p *= 1 - lr * weight_decay}
 *   <li>{@code p -= lr * sign(b1 m + (1 - b1) g)}
 *   <li>{@code m = b2 m + (1 - b2) g}
 * </ol>
 *
 * <p>Source: Chen et al. 2023 (arXiv 2302.06675), Algorithm 2. Its learning rate is 3 to 10 times
 * smaller than Adam's.
 *
 * @param lr learning rate, the length of every update
 * @param betas the interpolation of the update and the decay rate of the momentum
 * @param weightDecay decoupled decay
 */
public record Lion(double lr, Betas betas, double weightDecay) implements Optimizer {

  public Lion {
    Check.nonNegative("lr", lr);
    Check.present("betas", betas);
    Check.nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState(parameters)
        .slot(Moments.M, TorchOps.zerosLike(owner, parameters.arrays()));
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    TorchOps.step(
        "lion_",
        parameters.arrays(),
        gradients,
        List.of(state.slot(Moments.M)),
        lr,
        betas.first(),
        betas.second(),
        weightDecay);
  }
}
