package org.dualoptim.core.optim;

import static org.dualoptim.core.optim.Check.nonNegative;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
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
 * @param lr learning rate
 * @param momentum in [0, 1)
 * @param weightDecay L2 coefficient
 * @param nesterov whether to look ahead; absent means no
 */
public record Sgd(double lr, double momentum, double weightDecay, Boolean nesterov) implements Optimizer {

  public Sgd {
    nonNegative("lr", lr);
    Check.unit("momentum", momentum);
    nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState().slot("momentum_buffer", TorchOps.zerosLike(owner, parameters.arrays())).counter("t");
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    boolean first = state.increment("t") == 1;
    TorchOps.sgd(
        parameters.arrays(), gradients, state.slot("momentum_buffer"), lr, momentum, weightDecay, Boolean.TRUE.equals(nesterov), first);
  }
}
