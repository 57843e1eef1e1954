package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Stochastic gradient descent with momentum, as {@code torch.optim.SGD} without dampening:
 *
 * <ol>
 *   <li>{@code d = g + weight_decay * p}
 *   <li>{@code b = momentum * b + d}, at the first step {@code b = d}
 *   <li>{@code p -= lr * b}, with {@code nesterov} {@code p -= lr * (d + momentum * b)}
 * </ol>
 *
 * <p>Without momentum there is no buffer.
 *
 * @param lr learning rate
 * @param momentum in [0, 1)
 * @param weightDecay L2 coefficient
 * @param nesterov whether to look ahead; absent means no
 */
public record Sgd(double lr, double momentum, double weightDecay, Boolean nesterov)
    implements Optimizer {
  private static final String BUFFER = "momentum_buffer";

  public Sgd {
    Check.nonNegative("lr", lr);
    Check.nonNegative("momentum", momentum);
    Check.nonNegative("weight_decay", weightDecay);
    if (Boolean.TRUE.equals(nesterov) && momentum == 0) {
      throw new IllegalArgumentException("nesterov needs a momentum > 0");
    }
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    OptimizerState state = new OptimizerState(parameters).counter(Moments.T);
    return momentum == 0
        ? state
        : state.slot(BUFFER, TorchOps.zerosLike(owner, parameters.arrays()));
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    boolean first = state.increment(Moments.T) == 1;
    if (momentum == 0) {
      TorchOps.step("sgd_plain_", parameters.arrays(), gradients, List.of(), lr, weightDecay);
    } else {
      boolean ahead = Boolean.TRUE.equals(nesterov);
      TorchOps.step(
          "sgd_",
          parameters.arrays(),
          gradients,
          List.of(state.slot(BUFFER)),
          lr,
          momentum,
          weightDecay,
          ahead ? 1 : 0,
          first ? 1 : 0);
    }
  }
}
