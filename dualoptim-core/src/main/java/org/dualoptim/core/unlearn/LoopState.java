package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dualoptim.core.optim.OptimizerState;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Parameters;

/**
 * Everything a run remembers between two steps: weights, optimizer state, the cursor, and what
 * listeners and transforms keep here. Saving and loading it resumes the run exactly.
 */
public final class LoopState implements AutoCloseable {
  private final NDManager owner;
  private final Parameters parameters;
  private final OptimizerState optimizer;
  private final Map<String, NDList> kept = new TreeMap<>();
  private int cursor;

  private LoopState(NDManager owner, Parameters parameters, OptimizerState optimizer) {
    this.owner = owner;
    this.parameters = parameters;
    this.optimizer = optimizer;
  }

  /**
   * The state before the first step.
   *
   * @param parameters all arrays that a forward pass reads, buffers and frozen ones included, so
   *     that what a step computes from them is freed with it; the trained ones require gradients
   * @param parent the states' arrays live until this state is closed, or the parent manager
   */
  public static LoopState start(
      Parameters parameters, UnlearningOptimizer optimizer, NDManager parent) {
    NDManager owner = parent.newSubManager();
    return new LoopState(owner, parameters, optimizer.init(parameters.trainable(), owner));
  }

  /** All arrays of the model, buffers and frozen ones included. */
  public Parameters parameters() {
    return parameters;
  }

  public OptimizerState optimizer() {
    return optimizer;
  }

  /** The next step. */
  public int cursor() {
    return cursor;
  }

  public void cursor(int next) {
    this.cursor = next;
  }

  /**
   * Keeps arrays from step to step, and in checkpoints: an average of the weights, a gradient that
   * another step compares its own with.
   *
   * @param name under which {@link #kept} finds them, without a slash (those with a leading dot are
   *     the loop's own); what went by it before is freed
   * @param arrays one per trained parameter, in its shape and type; the state owns them from now on
   */
  public void keep(String name, NDList arrays) {
    Check.require(!name.isEmpty() && name.indexOf('/') < 0, "name", "without a slash", name);
    NDList trained = parameters.trainable().arrays();
    if (!alike(arrays, trained)) {
      throw new IllegalArgumentException(
          name + " must be kept as one array per trained parameter, in its shape and type");
    }
    NDList earlier = kept.put(name, arrays);
    if (earlier != null) {
      earlier.stream().filter(array -> !isKept(array)).forEach(NDArray::close);
    }
    arrays.attach(owner);
  }

  private static boolean alike(NDList arrays, NDList trained) {
    return arrays.size() == trained.size()
        && IntStream.range(0, arrays.size())
            .allMatch(
                i ->
                    arrays.get(i).getShape().equals(trained.get(i).getShape())
                        && arrays.get(i).getDataType() == trained.get(i).getDataType());
  }

  private boolean isKept(NDArray array) {
    return kept.values().stream().flatMap(NDList::stream).anyMatch(other -> other == array);
  }

  /** What is kept under a name, which may be changed in place; null if nothing is. */
  public NDList kept(String name) {
    return kept.get(name);
  }

  /** Everything that is kept, by name. */
  public Map<String, NDList> kept() {
    return Collections.unmodifiableMap(kept);
  }

  @Override
  public void close() {
    owner.close();
  }
}
