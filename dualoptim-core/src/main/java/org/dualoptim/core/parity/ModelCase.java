package org.dualoptim.core.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Weights;

/**
 * What {@link ModelKind} has to know about a network to recompute its cases. Modules contribute
 * theirs to a Guice {@code MapBinder<String, ModelCase>} by the {@code kind} of the model table.
 */
public interface ModelCase {

  /**
   * What a network makes of a case's inputs.
   *
   * @param y the output to compare
   * @param loss [] what is differentiated; empty if the case has no target
   */
  record Output(NDArray y, Optional<NDArray> loss) {}

  /**
   * The network of the case's {@code model} table, initialised with any values.
   *
   * @param manager owns its arrays
   */
  NamedBlock network(ParityCase c, NDManager manager);

  /**
   * Runs the network once on the case's inputs; a graph is recorded.
   *
   * @param network made by {@link #network}, with the case's weights
   * @param training whether normalisation uses and updates batch statistics
   * @param manager owns the arrays of the run
   */
  Output run(NamedBlock network, ParityCase c, boolean training, NDManager manager);

  /**
   * Sets the weights: those of the case, or, where its config says {@code fill: true}, those of the
   * {@link FillRule}, counted from the first trained array.
   *
   * @throws IOException if the case lacks a weight, or has one that the network has no place for
   */
  default void setWeights(Parameters parameters, ParityCase c) throws IOException {
    if (c.config().path("fill").asBoolean()) {
      FillRule.fill(parameters.trainable(), 0);
    } else {
      Weights.load(parameters, TensorSource.of(c.weights(), Map.of()));
    }
  }
}
