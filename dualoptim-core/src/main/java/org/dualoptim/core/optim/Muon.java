package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Predicate;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.recipe.MayBeAbsent;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Muon: momentum whose update is made nearly orthogonal, for the hidden matrices and convolution
 * kernels of a network:
 *
 * <ol>
 *   <li>{@code b = momentum b + (1 - momentum) g}
 *   <li>{@code u = momentum b + (1 - momentum) g} with {@code nesterov}, else {@code u = b}
 *   <li>{@code x =} {@link TorchOps#newtonSchulz Newton-Schulz} of {@code u} as a matrix: a kernel
 *       {@code [out, in, h, w]} counts as {@code [out, in h w]}
 *   <li>{@code p *= 1 - lr * weight_decay}
 *   <li>{@code p -= lr * sqrt(max(1, rows / columns)) * x}
 * </ol>
 *
 * <p>Rows and columns are the last two sizes of the gradient as it is, so that a square convolution
 * kernel is never stretched: the reference does this. It iterates in bfloat16, this in float32.
 * Source: Jordan et al. 2024 (github.com/KellerJordan/Muon).
 *
 * @param lr learning rate
 * @param momentum in [0, 1)
 * @param weightDecay decoupled decay
 * @param nsSteps Newton-Schulz steps, 5 in the reference; 0 divides by the norm only
 * @param nesterov whether to look ahead
 * @param fallback steps everything that is not a {@link Role#HIDDEN} matrix or kernel (input and
 *     output layers, norms, biases), at its own rate; its rate follows this optimizer's when a
 *     schedule or an objective changes that. Absent: every array goes to Muon whatever its role,
 *     and must have two or more dimensions
 */
public record Muon(
    double lr,
    double momentum,
    double weightDecay,
    int nsSteps,
    boolean nesterov,
    @MayBeAbsent Optimizer fallback)
    implements Optimizer {
  private static final String BUFFER = "momentum_buffer";
  private static final String REST = "fallback";

  public Muon {
    if (fallback == null) {
      Check.nonNegative("lr", lr);
    } else {
      Check.positive("lr", lr);
    }
    Check.unit("momentum", momentum);
    Check.nonNegative("weight_decay", weightDecay);
    Check.atLeast("ns_steps", 0, nsSteps);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if Muon is given an array it cannot step, or none at all
   */
  @Override
  public OptimizerState init(Parameters parameters, NDManager owner) {
    if (fallback == null) {
      parameters.entries().stream()
          .filter(Predicate.not(Muon::isMatrix))
          .findFirst()
          .ifPresent(Muon::refuse);
    }
    Parameters own = Subset.of(parameters, this::takes).parameters();
    if (own.size() == 0) {
      throw new IllegalArgumentException(
          "muon found no hidden matrix or convolution kernel among "
              + parameters.size()
              + " parameters");
    }
    OptimizerState state =
        new OptimizerState(own).slot(BUFFER, TorchOps.zerosLike(owner, own.arrays()));
    Parameters rest = Subset.of(parameters, entry -> !takes(entry)).parameters();
    return rest.size() == 0 ? state : state.part(REST, fallback.init(rest, owner));
  }

  @Override
  public void step(Parameters parameters, NDList gradients, OptimizerState state, double lr) {
    Subset own = Subset.of(parameters, this::takes);
    TorchOps.step(
        "muon_",
        own.parameters().arrays(),
        own.of(gradients),
        List.of(state.slot(BUFFER)),
        lr,
        momentum,
        weightDecay,
        nsSteps,
        nesterov ? 1 : 0);
    Subset rest = Subset.of(parameters, entry -> !takes(entry));
    if (rest.parameters().size() > 0) {
      fallback.step(
          rest.parameters(), rest.of(gradients), state.part(REST), fallback.lr() * (lr / this.lr));
    }
  }

  private boolean takes(Parameters.Entry entry) {
    return fallback == null || entry.role() == Role.HIDDEN && isMatrix(entry);
  }

  private static boolean isMatrix(Parameters.Entry entry) {
    return entry.array().getShape().dimension() >= 2;
  }

  private static void refuse(Parameters.Entry entry) {
    throw new IllegalArgumentException(
        "muon steps matrices and convolution kernels, but parameter "
            + entry.name()
            + " has shape "
            + entry.array().getShape()
            + "; give muon a fallback, for example an adamw table");
  }
}
