package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.SplittableRandom;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ModelCase;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.Losses;
import org.dualoptim.vision.model.Architecture;

/**
 * {@code model} cases of image classifiers: {@code y} logits of images {@code x}, {@code loss}
 * their mean cross-entropy with {@code target}.
 */
public final class ImageClassifierCase implements ModelCase {
  private final Tables tables;

  @Inject
  ImageClassifierCase(Tables tables) {
    this.tables = tables;
  }

  /** The network as the case's {@code model} table describes it. */
  Architecture architecture(ParityCase c) {
    return tables.read(c.config().path("model"), Architecture.class, "model");
  }

  @Override
  public NamedBlock network(ParityCase c, NDManager manager) {
    Shape images = new Shape(CheckedInputs.images(c, "x").shape());
    NamedBlock network = architecture(c).create(new SplittableRandom(0));
    network.initialize(manager, DataType.FLOAT32, images);
    return network;
  }

  @Override
  public Output run(NamedBlock network, ParityCase c, boolean training, NDManager manager) {
    NDArray x = CheckedInputs.images(c, "x").toArray(manager);
    NDArray y = Classifier.of(network).logits(x, training);
    if (c.optionalIn("target").isEmpty()) {
      return new Output(y, Optional.empty());
    }
    HostTensor target =
        CheckedInputs.labels(c, "target", y.getShape().get(0), architecture(c).numClasses());
    return new Output(y, Optional.of(Losses.crossEntropy(y, target.toArray(manager))));
  }
}
