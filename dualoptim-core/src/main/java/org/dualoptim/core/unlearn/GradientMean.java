package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.Function;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * A mean over batches of their gradients, or of what is made of them, at weights that stay:
 * saliency and Fisher diagonals. {@code (1 / count) * sum over k < count of term(g_k)}, where
 * {@code g_k} is the mean of the gradients of {@code accumulate} batches, and a partial batch
 * counts like a full one.
 *
 * @param batches read in order, over as many passes as {@code count} needs
 * @param count how many terms
 * @param accumulate batches a term, one after the other: a sum whose graph would be too large
 * @param loss of a batch, []; differentiated as it is, so the caller chooses evaluation mode
 * @param term adds a batch's share to the sum: {@code TorchOps::add} for gradients, {@code
 *     TorchOps::addSquare} for Fisher diagonals, or a function that clips first
 * @param <B> the batch
 */
public record GradientMean<B>(
    Batches<B> batches, int count, int accumulate, Function<B, NDArray> loss, Term term) {

  /** What is added to the sum. */
  @FunctionalInterface
  public interface Term {

    /**
     * Runs without a graph.
     *
     * @param sum changed in place
     * @param gradients one array per trained parameter; may be overwritten
     * @param share what these gradients count for
     */
    void add(NDList sum, NDList gradients, double share);
  }

  public GradientMean {
    Check.atLeast("count", 1, count);
    Check.atLeast("accumulate", 1, accumulate);
  }

  /** Over one pass, a term a batch. */
  public static <B> GradientMean<B> ofPass(
      Batches<B> batches, Function<B, NDArray> loss, Term term) {
    return new GradientMean<>(batches, batches.perPass(), 1, loss, term);
  }

  /**
   * Computes it.
   *
   * @param parameters all arrays that a forward pass reads; only the trained ones are asked for
   *     gradients
   * @param draws seeds the engine's generator for every batch
   * @param stream keeps these draws apart from others
   * @param owner owns the result
   * @return one array per trained parameter
   */
  public NDList at(Parameters parameters, Draws draws, String stream, NDManager owner) {
    NDList sum = TorchOps.zerosLike(owner, parameters.trainable().arrays());
    for (int k = 0; k < count; k++) {
      try (Scope scope = Scope.detached(owner)) {
        NDList mean = null;
        for (int i = 0; i < accumulate; i++) {
          mean = next(mean, parameters, draws, stream, k * accumulate + i, scope.manager());
        }
        term.add(sum, mean, 1.0 / count);
      }
    }
    return sum;
  }

  /** The mean with the gradients of one more batch in it. */
  private NDList next(
      NDList mean,
      Parameters parameters,
      Draws draws,
      String stream,
      int position,
      NDManager owner) {
    try (Scope scope = Scope.recording(owner)) {
      scope.borrow(parameters.arrays());
      B batch;
      try (Scope loading = Scope.detached(owner)) {
        batch = batches.at(position, scope.manager());
      }
      TorchOps.seed(draws.seedOf("engine/" + stream, 0, position));
      NDList gradients = TorchOps.grads(loss.apply(batch), parameters.trainable().arrays());
      try (Scope update = Scope.detached(owner)) {
        return UnlearningLoop.added(mean, gradients, 1.0 / accumulate, owner);
      }
    }
  }
}
