package org.dualoptim.vision.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.dualoptim.core.tensor.TorchOps;

/** Initial values drawn in Java, so that they depend on the seed alone and not on the device. */
final class Initializers {
  private Initializers() {}

  /** Normal with std {@code sqrt(2 / (out * kernel area))}. */
  static Initializer kaimingNormalFanOut(RandomGenerator random) {
    return (manager, shape, type) ->
        fill(manager, shape, scaled(random, Math.sqrt(2.0 / (shape.size() / shape.get(1)))));
  }

  /** Normal with std {@code sqrt(2 / (in * kernel area))}. */
  static Initializer kaimingNormalFanIn(RandomGenerator random) {
    return (manager, shape, type) ->
        fill(manager, shape, scaled(random, Math.sqrt(2.0 / (shape.size() / shape.get(0)))));
  }

  /** Uniform in {@code [-bound, bound)}. */
  static Initializer uniform(RandomGenerator random, double bound) {
    return (manager, shape, type) -> fill(manager, shape, () -> random.nextDouble(-bound, bound));
  }

  private static DoubleSupplier scaled(RandomGenerator random, double std) {
    return () -> std * random.nextGaussian();
  }

  /**
   * Values in C order; a convolution kernel is then laid out with its channels innermost, as its
   * activations are.
   */
  private static NDArray fill(NDManager manager, Shape shape, DoubleSupplier draw) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) draw.getAsDouble();
    }
    NDArray array = manager.create(values, shape);
    if (shape.dimension() != 4) {
      return array;
    }
    try (array) {
      return TorchOps.channelsLast(array);
    }
  }
}
