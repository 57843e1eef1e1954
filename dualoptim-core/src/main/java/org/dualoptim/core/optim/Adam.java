package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Adam with weight decay as an L2 term of the gradient, as {@code torch.optim.Adam}; {@code t}
 * counts this state's own steps from 1:
 *
 * <ol>
 *   <li>{@code g += weight_decay * p}
 *   <li>{@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2}
 *   <li>{@code p -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)}
 * </ol>
 *
 * <p>Source: Kingma and Ba 2015 (arXiv 1412.6980). Most recipes want {@link AdamW}, whose decay the
 * moments never see.
 *
 * @param lr learning rate
 * @param betas decay rates of m and v
 * @param eps added to the bias-corrected root
 * @param weightDecay L2 coefficient
 */
public record Adam(double lr, Betas betas, double eps, double weightDecay) implements Optimizer {

  public Adam {
    Check.nonNegative("lr", lr);
    Check.present("betas", betas);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return Moments.zero(parameters, owner);
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    TorchOps.step(
        "adam_",
        parameters.arrays(),
        gradients,
        List.of(state.slot(Moments.M), state.slot(Moments.V)),
        lr,
        betas.first(),
        betas.second(),
        eps,
        weightDecay,
        state.increment(Moments.T));
  }
}
