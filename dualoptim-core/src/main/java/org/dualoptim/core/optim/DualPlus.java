package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DualOptim+: moments that both objectives share (the base) plus what is left of each objective's
 * own gradient (its delta). {@code T} counts all steps, {@code t} those of the objective, both from
 * 1; {@code mh}, {@code vh} are the base as the step finds it, bias-corrected by {@code T - 1}
 * steps (0 at the first):
 *
 * <ol>
 *   <li>{@code p *= 1 - lr_o * weight_decay}
 *   <li>{@code m_o = b1 m_o + (1 - b1)(g - mh)}, {@code v_o = b2 v_o + (1 - b2)(g^2 - vh)}; {@code
 *       v_o} may be negative
 *   <li>{@code s = |v_o / (1 - b2^t) + vh|}
 *   <li>{@code p -= lr_o * (m_o / (1 - b1^t) + mh) / (sqrt(s) + eps)}
 *   <li>{@code mB = c1 mB + (1 - c1) g}, {@code vB = c2 vB + (1 - c2) g^2} with {@code base_betas}
 * </ol>
 *
 * <p>Source: Zhong et al., DualOptim+ (arXiv 2605.21539), the update of the official code.
 *
 * <p><b>Outsized updates.</b> {@code s} is the magnitude of a sum of terms of opposite sign, so it
 * can come near 0 while the numerator does not, and then one weight is thrown by thousands of
 * learning rates. Adam cannot do this: by Cauchy-Schwarz its update is at most {@code (1 - b1) /
 * sqrt((1 - b2)(1 - b1^2 / b2))} learning rates once t is large, 1.2 for betas (0.9, 0.95) and 7.3
 * for (0.9, 0.999). A step whose largest update exceeds {@value #OUTSIZED} learning rates, an order
 * of magnitude beyond that, is therefore counted: the state's counter {@value #OUTSIZED_STEPS} says
 * how many there were, {@value #LARGEST_UPDATE} how large the largest update of any step was, in
 * whole learning rates, and the first one is logged as a warning. The remedy is {@code v_floor}:
 * {@code s = max(s, v_floor * vh)}. It is not part of the published rule.
 *
 * <p><b>8-bit states.</b> With {@code states = "8bit"} all six states take the block-wise format of
 * {@link AdamW8bit}; both first moments and {@code v_o} use the signed map ({@code v_o} with plain
 * rounding), {@code vB} the unsigned one.
 *
 * @param lrForget learning rate of FORGET steps
 * @param lrRetain learning rate of RETAIN steps
 * @param betas decay rates of the deltas
 * @param baseBetas decay rates of the base
 * @param eps added to the root
 * @param weightDecay decoupled decay
 * @param states how the states are held
 * @param blockSize weights that share a magnitude in 8 bits; absent means 256, the format's own
 *     constant
 * @param min8bitSize arrays with fewer elements keep float32 states; absent means 4096, the
 *     format's own constant
 * @param vFloor the least {@code s}, as a fraction of {@code vh}, for example 0.01; absent means
 *     the published rule
 */
public record DualPlus(
    double lrForget,
    double lrRetain,
    Betas betas,
    Betas baseBetas,
    double eps,
    double weightDecay,
    States states,
    Integer blockSize,
    @JsonProperty("min_8bit_size") Integer min8bitSize,
    Double vFloor)
    implements UnlearningOptimizer {

  /** How states are held. */
  public enum States {
    @JsonProperty("fp32")
    FP32,
    @JsonProperty("8bit")
    EIGHT_BIT
  }

  /** The counter of steps with an update of more than {@link #OUTSIZED} learning rates. */
  public static final String OUTSIZED_STEPS = "outsized_steps";

  /**
   * The counter that holds the largest update of a weight so far, in learning rates, rounded down.
   */
  public static final String LARGEST_UPDATE = "largest_update";

  /** Updates of more learning rates than this are outsized. */
  public static final int OUTSIZED = 100;

  private static final Logger LOG = LoggerFactory.getLogger(DualPlus.class);
  private static final int FORMAT_BLOCK = 256;
  private static final int FORMAT_MIN = 4096;
  private static final String BASE = "base";

  public DualPlus {
    Check.nonNegative("lr_forget", lrForget);
    Check.nonNegative("lr_retain", lrRetain);
    Check.present("betas", betas);
    Check.present("base_betas", baseBetas);
    Check.present("states", states);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
    if (blockSize != null) {
      Check.atLeast("block_size", 1, blockSize);
    }
    if (min8bitSize != null) {
      Check.atLeast("min_8bit_size", 0, min8bitSize);
    }
    Check.nonNegative("v_floor", vFloor);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    return new OptimizerState(parameters)
        .part(BASE, moments(parameters, owner))
        .part(Objective.FORGET.id(), moments(parameters, owner))
        .part(Objective.RETAIN.id(), moments(parameters, owner))
        .counter(OUTSIZED_STEPS)
        .counter(LARGEST_UPDATE);
  }

  private OptimizerState moments(Parameters parameters, NDManager owner) {
    if (states == States.FP32) {
      return Moments.zero(parameters, owner);
    }
    return new EightBit(
            blockSize == null ? FORMAT_BLOCK : blockSize,
            min8bitSize == null ? FORMAT_MIN : min8bitSize)
        .moments(parameters, owner);
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    double lr = lrFactor * EitherObjective.of(objective, lrForget, lrRetain);
    OptimizerState base = state.part(BASE);
    OptimizerState delta = state.part(objective.id());
    double before = base.count(Moments.T);
    base.increment(Moments.T);
    double[] numbers = {
      lr,
      weightDecay,
      betas.first(),
      betas.second(),
      baseBetas.first(),
      baseBetas.second(),
      eps,
      delta.increment(Moments.T),
      before,
      vFloor == null ? 0 : vFloor
    };
    List<NDList> slots =
        new ArrayList<>(
            List.of(
                delta.slot(Moments.M),
                delta.slot(Moments.V),
                base.slot(Moments.M),
                base.slot(Moments.V)));
    if (states == States.EIGHT_BIT) {
      slots.addAll(
          List.of(
              EightBit.magnitudes(delta, Moments.M),
              EightBit.magnitudes(delta, Moments.V),
              EightBit.magnitudes(base, Moments.M),
              EightBit.magnitudes(base, Moments.V)));
    }
    String rule = states == States.FP32 ? "dual_plus_" : "dual_plus_8bit_";
    double largest = TorchOps.measuredStep(rule, parameters.arrays(), gradients, slots, numbers);
    watch(state, largest, objective, (long) before + 1);
  }

  private static void watch(OptimizerState state, double largest, Objective objective, long step) {
    state.count(LARGEST_UPDATE, Math.max(state.count(LARGEST_UPDATE), (long) largest));
    if (largest > OUTSIZED && state.increment(OUTSIZED_STEPS) == 1) {
      LOG.warn(
          "dual-plus: the {} step {} moved a weight by {} learning rates, because its two second moments nearly cancel; the run goes on, its"
              + " state counts such steps as {}, and optimizer.v_floor = 0.01 would prevent them",
          objective.id(),
          step,
          (long) largest,
          OUTSIZED_STEPS);
    }
  }
}
