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
 * saliency and Fisher diagonals. {@code (1 / count) * sum over batches k < count of term(gradients
 * of k)}, in which a partial batch counts like a full one.
 *
 * @param batches read in order, over as many passes as {@code count} needs
 * @param count how many batches
 * @param loss of a batch, []; differentiated as it is, so the caller chooses evaluation mode
 * @param term adds a batch's share to the sum: {@code TorchOps::add} for gradients, {@code
 *     TorchOps::addSquare} for Fisher diagonals, or a function that clips first
 * @param <B> the batch
 */
public record GradientMean<B>(Batches<B> batches, int count, Function<B, NDArray> loss, Term term) {

  /** What a batch adds to the sum. */
  @FunctionalInterface
  public interface Term {

    /**
     * Runs without a graph.
     *
     * @param sum changed in place
     * @param gradients one array per trained parameter; may be overwritten
     * @param share what the batch counts for
     */
    void add(NDList sum, NDList gradients, double share);
  }

  public GradientMean {
    Check.atLeast("count", 1, count);
  }

  /** Over one pass. */
  public static <B> GradientMean<B> ofPass(
      Batches<B> batches, Function<B, NDArray> loss, Term term) {
    return new GradientMean<>(batches, batches.perPass(), loss, term);
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
    NDList trained = parameters.trainable().arrays();
    NDList sum = TorchOps.zerosLike(owner, trained);
    for (int k = 0; k < count; k++) {
      try (Scope scope = Scope.recording(owner)) {
        scope.borrow(parameters.arrays());
        B batch = batches.at(k, scope.manager());
        TorchOps.seed(draws.seedOf("engine/" + stream, 0, k));
        NDList gradients = TorchOps.grads(loss.apply(batch), trained);
        try (Scope update = Scope.detached(owner)) {
          term.add(sum, gradients, 1.0 / count);
        }
      }
    }
    return sum;
  }
}
