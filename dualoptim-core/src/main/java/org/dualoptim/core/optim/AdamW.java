package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.recipe.MayBeAbsent;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Adam with decoupled weight decay, as {@code torch.optim.AdamW}; {@code t} counts this state's own
 * steps from 1:
 *
 * <ol>
 *   <li>{@code p *= 1 - lr * weight_decay} (with {@code decay = "after"} this is the last step)
 *   <li>{@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2}
 *   <li>{@code p -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)}
 * </ol>
 *
 * <p>Source: Loshchilov and Hutter 2019 (arXiv 1711.05101); eps stands outside the corrected root,
 * as in torch.
 *
 * @param lr learning rate
 * @param betas decay rates of m and v
 * @param eps added to the bias-corrected root
 * @param weightDecay decoupled decay
 * @param decay whether the decay comes before the step (torch; absent means this) or after it
 *     (bitsandbytes, the paper's language models)
 */
public record AdamW(
    double lr, Betas betas, double eps, double weightDecay, @MayBeAbsent Decay decay)
    implements Optimizer {

  /** When the decoupled decay is applied. */
  public enum Decay {
    @JsonProperty("before")
    BEFORE,
    @JsonProperty("after")
    AFTER
  }

  public AdamW {
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
    boolean after = decay == Decay.AFTER;
    TorchOps.step(
        "adamw_",
        parameters.arrays(),
        gradients,
        List.of(state.slot(Moments.M), state.slot(Moments.V)),
        lr,
        betas.first(),
        betas.second(),
        eps,
        after ? 0 : weightDecay,
        state.increment(Moments.T),
        after ? 1 - lr * weightDecay : 1);
  }
}
