package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.TorchOps;

/**
 * One objective of a plan: its batches, the gradients of a batch, and what is done to the gradients
 * before the optimizer sees them.
 *
 * @param objective whom it serves
 * @param batches where its batches come from
 * @param accumulate batches whose gradients are averaged into one step; a step never crosses the
 *     end of a pass
 * @param gradients from a batch to a loss and its gradients
 * @param transforms in the order they are applied
 * @param <B> the batch
 */
public record Part<B>(
    Objective objective,
    Batches<B> batches,
    int accumulate,
    Gradients<B> gradients,
    List<GradientTransform> transforms) {

  /**
   * From a batch to gradients. Most parts differentiate a {@link Loss}; one that recomputes
   * segments, or mixes gradients by a rule, returns its own.
   *
   * @param <B> the batch
   */
  @FunctionalInterface
  public interface Gradients<B> {

    /**
     * Runs inside a recording scope.
     *
     * @param parameters the trained arrays
     * @return the loss that was differentiated and one new array per parameter, none of them a view
     *     of an array that Java made, whose memory the step does not own
     */
    Result at(B batch, Moment moment, NDList parameters);

    /**
     * A loss [] and its gradients, one array per trained parameter, which the loop may overwrite.
     */
    record Result(NDArray loss, NDList gradients) {}
  }

  public Part {
    Check.atLeast("accumulate", 1, accumulate);
    if (batches.perPass() < 1) {
      throw new IllegalArgumentException(
          "the " + objective.id() + " set is empty: there is no batch to step on");
    }
    transforms = List.copyOf(transforms);
  }

  /** A part that descends a loss. */
  public static <B> Part<B> descend(Objective objective, Batches<B> batches, Loss<B> loss) {
    return gradients(
        objective,
        batches,
        (batch, moment, parameters) -> {
          NDArray value = loss.of(batch, moment);
          return new Gradients.Result(value, TorchOps.grads(value, parameters));
        });
  }

  /** A part that computes gradients itself. */
  public static <B> Part<B> gradients(
      Objective objective, Batches<B> batches, Gradients<B> gradients) {
    return new Part<>(objective, batches, 1, gradients, List.of());
  }

  /** The same part with these transforms, in this order. */
  public Part<B> then(GradientTransform... steps) {
    return new Part<>(objective, batches, accumulate, gradients, Arrays.asList(steps));
  }

  /** The same part, averaging the gradients of this many batches into one step. */
  public Part<B> accumulating(int count) {
    return new Part<>(objective, batches, count, gradients, transforms);
  }

  /**
   * The same part with its transforms in another order.
   *
   * @param kinds the kinds of the part's transforms, each once, in the order to apply
   */
  public Part<B> ordered(List<String> kinds) {
    List<String> own = transforms.stream().map(GradientTransform::kind).toList();
    if (!sorted(own).equals(sorted(kinds))) {
      throw new IllegalArgumentException(
          "transforms." + objective.id() + " must order exactly " + own + ", got " + kinds);
    }
    List<GradientTransform> result = new ArrayList<>(transforms);
    result.sort(Comparator.comparingInt(transform -> kinds.indexOf(transform.kind())));
    return new Part<>(objective, batches, accumulate, gradients, result);
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  /** How many steps a pass over the batches takes. */
  public int stepsPerPass() {
    return (batches.perPass() + accumulate - 1) / accumulate;
  }
}
