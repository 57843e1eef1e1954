package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * One first moment that both objectives share: FORGET steps are Adam's, RETAIN steps are those of
 * SGD with the same moving mean as momentum ({@code dual_share} of the official code). Both begin
 * with {@code g += weight_decay * p}.
 *
 * <ul>
 *   <li>FORGET: {@link Adam} on {@code m}, {@code v} and {@code t} at {@code lr_adam}
 *   <li>RETAIN: {@code m = b1 m + (1 - b1) g}, {@code p -= lr_sgd * m}; {@code v} and {@code t}
 *       stay
 * </ul>
 *
 * @param lrAdam learning rate of FORGET steps
 * @param lrSgd learning rate of RETAIN steps
 * @param betas decay rates of m and v
 * @param eps added to the bias-corrected root of FORGET steps
 * @param weightDecay L2 coefficient of both
 */
public record HybridAdamSgd(
    double lrAdam, double lrSgd, Betas betas, double eps, double weightDecay)
    implements UnlearningOptimizer {

  public HybridAdamSgd {
    Check.nonNegative("lr_adam", lrAdam);
    Check.nonNegative("lr_sgd", lrSgd);
    Check.present("betas", betas);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return Moments.zero(parameters, owner);
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    if (EitherObjective.of(objective, true, false)) {
      new Adam(lrAdam, betas, eps, weightDecay)
          .step(parameters, gradients, state, lrAdam * lrFactor);
    } else {
      TorchOps.step(
          "ema_sgd_",
          parameters.arrays(),
          gradients,
          List.of(state.slot(Moments.M)),
          lrSgd * lrFactor,
          betas.first(),
          weightDecay);
    }
  }
}
