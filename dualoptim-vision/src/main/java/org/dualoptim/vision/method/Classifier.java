package org.dualoptim.vision.method;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;

/**
 * An initialised network that maps inputs [B,...] to logits [B,C], with its arrays by name. Any DJL
 * block of that form will do.
 *
 * @param block the network
 * @param parameters its arrays, buffers included
 */
public record Classifier(Block block, Parameters parameters) {

  /** Wraps a block and lets gradients be taken for its trained arrays. */
  public static Classifier of(Block block) {
    Parameters parameters = NamedBlock.of(block);
    parameters.trainable().arrays().forEach(array -> array.setRequiresGradient(true));
    return new Classifier(block, parameters);
  }

  /**
   * Logits [B,C] in the inputs' manager; the graph is recorded if the scope records.
   *
   * @param training whether normalisation uses and updates batch statistics, and dropout drops
   */
  public NDArray logits(NDArray inputs, boolean training) {
    return block
        .forward(new ParameterStore(inputs.getManager(), false), new NDList(inputs), training)
        .singletonOrThrow();
  }

  /**
   * Refuses a size of batches that leaves one row for the last batch of a pass, if the network
   * cannot be trained on it: batch normalisation needs more than one value a channel. The network
   * stays as it is.
   *
   * @throws IllegalArgumentException in a sentence without its subject
   */
  public void requireTrainable(Samples samples, int batchSize, NDManager owner) {
    if (samples.size() == 0 || (samples.size() - 1) % batchSize != 0) {
      return;
    }
    Parameters buffers = parameters.withRole(Role.BUFFER);
    if (buffers.size() == 0) { // no batch normalisation
      return;
    }
    try (Scope scope = Scope.detached(owner)) {
      scope.borrow(parameters.arrays());
      NDList before = buffers.snapshot(scope.manager());
      try {
        logits(samples.load(new int[] {0}, scope.manager()).inputs(), true);
      } catch (EngineException e) {
        if (!String.valueOf(e.getMessage()).contains("more than 1 value per channel")) {
          throw e;
        }
        throw new IllegalArgumentException(
            "must leave no batch of one row, on which this network's batch normalisation cannot train, but "
                + batchSize
                + " leaves one of "
                + samples.size()
                + " rows",
            e);
      } finally {
        buffers.restore(before);
      }
    }
  }

  /**
   * A frozen copy of the network as it is now, which later steps do not change. The copied arrays
   * belong to {@code owner}.
   */
  public Teacher teacher(NDManager owner) {
    return new Teacher(this, parameters.snapshot(owner));
  }

  /**
   * The network at weights of an earlier moment. It runs the same block with the weights exchanged
   * for the length of a call, so that a block of any kind can be its own teacher at the price of
   * one more copy of the weights, and of another while it runs.
   *
   * @param classifier the network
   * @param weights the frozen arrays
   */
  public record Teacher(Classifier classifier, NDList weights) {

    /**
     * Logits [B,C] of the frozen weights, without a graph, in the inputs' manager. The network's
     * own buffers do not change.
     */
    public NDArray logits(NDArray inputs, boolean training) {
      return classifier
          .parameters()
          .at(weights, inputs.getManager(), () -> classifier.logits(inputs, training));
    }
  }
}
