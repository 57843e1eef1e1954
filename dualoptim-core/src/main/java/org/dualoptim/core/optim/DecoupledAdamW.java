package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/**
 * AdamW with one first and one second moment for both objectives or one each, chosen apart (the
 * ablation of the paper's Table 17). With neither flag it is one {@link AdamW} with two rates, with
 * both it is two of them. {@code t} counts all steps, {@code t_o} those of the objective:
 *
 * <ol>
 *   <li>{@code p *= 1 - lr_o * weight_decay}
 *   <li>{@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2}; each the objective's own
 *       where it is decoupled
 *   <li>{@code p -= lr_o * (m / (1 - b1^tm)) / (sqrt(v / (1 - b2^tv)) + eps)} with {@code tm},
 *       {@code tv} equal to {@code t_o} where decoupled, else to {@code t}
 * </ol>
 *
 * <p>The numbers of Table 17 were made otherwise: there the moments are shared whatever the flags
 * say, and a flag changes only the exponent {@code tm} or {@code tv}. {@code semantics =
 * "as-published"} does that. Beware of {@code exact} with {@code decouple_v} alone: a large shared
 * m over the retain steps' small root can throw weights far.
 *
 * @param lrForget learning rate of FORGET steps
 * @param lrRetain learning rate of RETAIN steps
 * @param betas decay rates of m and v
 * @param eps added to the bias-corrected root
 * @param weightDecay decoupled decay
 * @param decoupleM whether each objective has a first moment of its own
 * @param decoupleV whether each objective has a second moment of its own
 * @param semantics what a flag means
 */
public record DecoupledAdamW(
    double lrForget,
    double lrRetain,
    Betas betas,
    double eps,
    double weightDecay,
    boolean decoupleM,
    boolean decoupleV,
    Semantics semantics)
    implements UnlearningOptimizer {

  /** What a decoupling flag means. */
  public enum Semantics {
    /** An objective's own moment, and the bias correction that belongs to it. */
    @JsonProperty("exact")
    EXACT,
    /** The shared moment with the objective's bias correction, as the official code ran. */
    @JsonProperty("as-published")
    AS_PUBLISHED
  }

  public DecoupledAdamW {
    Check.nonNegative("lr_forget", lrForget);
    Check.nonNegative("lr_retain", lrRetain);
    Check.present("betas", betas);
    Check.present("semantics", semantics);
    Check.nonNegative("eps", eps);
    Check.nonNegative("weight_decay", weightDecay);
  }

  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    OptimizerState state = new OptimizerState(parameters).counter(Moments.T);
    OptimizerState forget = new OptimizerState(parameters).counter(Moments.T);
    OptimizerState retain = new OptimizerState(parameters).counter(Moments.T);
    for (String moment : new String[] {Moments.M, Moments.V}) {
      if (apart(moment)) {
        forget.slot(moment, TorchOps.zerosLike(owner, parameters.arrays()));
        retain.slot(moment, TorchOps.zerosLike(owner, parameters.arrays()));
      } else {
        state.slot(moment, TorchOps.zerosLike(owner, parameters.arrays()));
      }
    }
    return state.part(Objective.FORGET.id(), forget).part(Objective.RETAIN.id(), retain);
  }

  @Override
  public void step(
      Objective objective,
      Parameters parameters,
      NDList gradients,
      OptimizerState state,
      double lrFactor) {
    double lr = lrFactor * EitherObjective.of(objective, lrForget, lrRetain);
    OptimizerState own = state.part(objective.id());
    long all = state.increment(Moments.T);
    long ours = own.increment(Moments.T);
    NDList m = (apart(Moments.M) ? own : state).slot(Moments.M);
    NDList v = (apart(Moments.V) ? own : state).slot(Moments.V);
    boolean alike = decoupleM == decoupleV;
    long tm = decoupleM ? ours : all;
    long tv = decoupleV ? ours : all;
    TorchOps.step(
        alike ? "adamw_" : "adamw_apart_",
        parameters.arrays(),
        gradients,
        List.of(m, v),
        lr,
        betas.first(),
        betas.second(),
        eps,
        weightDecay,
        tm,
        alike ? 1 : tv);
  }

  private boolean apart(String moment) {
    return semantics == Semantics.EXACT && (moment.equals(Moments.M) ? decoupleM : decoupleV);
  }
}
