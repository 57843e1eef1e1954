package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;

/**
 * DualOptim as the paper's language models run it: {@link Dual} of two {@link AdamW}s that differ
 * in their rate only and decay after the step, as bitsandbytes does.
 *
 * @param lrForget learning rate of FORGET steps
 * @param lrRetain learning rate of RETAIN steps
 * @param betas decay rates of both objectives' moments
 * @param eps added to the bias-corrected root
 * @param weightDecay decoupled decay, after the step
 */
public record DualAdamLlm(
    double lrForget, double lrRetain, Betas betas, double eps, double weightDecay)
    implements UnlearningOptimizer {

  public DualAdamLlm {
    Check.nonNegative("lr_forget", lrForget);
    Check.nonNegative("lr_retain", lrRetain);
    Check.present("betas", betas);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return pair().init(parameters, owner);
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    pair().step(objective, parameters, gradients, state, lrFactor);
  }

  private Dual pair() {
    return new Dual(adam(lrForget), adam(lrRetain));
  }

  private AdamW adam(double lr) {
    return new AdamW(lr, betas, eps, weightDecay, AdamW.Decay.AFTER);
  }
}
