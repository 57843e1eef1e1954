package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * AdamW whose two states take about 2 bytes a weight instead of 8; {@code t} counts this state's
 * own steps from 1:
 *
 * <ol>
 *   <li>the states are read back to float32; {@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 -
 *       b2) g^2}
 *   <li>{@code p -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps sqrt(1 - b2^t))} with
 *       these exact moments
 *   <li>{@code p *= 1 - lr * weight_decay}
 *   <li>each block of m and v is rounded to the nearest codes of the dynamic map times its largest
 *       magnitude; a negative m never becomes 0
 * </ol>
 *
 * <p>Source: Dettmers et al. 2022 (arXiv 2110.02861) and bitsandbytes 0.44 and later.
 *
 * @param lr learning rate
 * @param betas decay rates of m and v
 * @param eps added to the bias-corrected root
 * @param weightDecay decoupled decay, after the step
 * @param blockSize weights that share a magnitude, 256 in bitsandbytes
 * @param min8bitSize arrays with fewer elements keep float32 states, 4096 in bitsandbytes; 0 or 1
 *     for none
 */
public record AdamW8bit(
    double lr,
    Betas betas,
    double eps,
    double weightDecay,
    int blockSize,
    @JsonProperty("min_8bit_size") int min8bitSize)
    implements Optimizer {

  public AdamW8bit {
    Check.nonNegative("lr", lr);
    Check.present("betas", betas);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
    Check.atLeast("block_size", 1, blockSize);
    Check.atLeast("min_8bit_size", 0, min8bitSize);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new EightBit(blockSize, min8bitSize).moments(parameters, owner);
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    TorchOps.step(
        "adamw_8bit_",
        parameters.arrays(),
        gradients,
        List.of(
            state.slot(Moments.M),
            state.slot(Moments.V),
            EightBit.magnitudes(state, Moments.M),
            EightBit.magnitudes(state, Moments.V)),
        lr,
        betas.first(),
        betas.second(),
        eps,
        weightDecay,
        state.increment(Moments.T));
  }
}
