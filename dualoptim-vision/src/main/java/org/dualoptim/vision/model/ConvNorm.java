package org.dualoptim.vision.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.List;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/**
 * A bias-free convolution followed by batch normalisation (eps 1e-5, running statistics moved by
 * 0.1, running variance unbiased): [B, in, H, W] to [B, out, H', W']. What the convolution passes
 * to the normalisation is not kept once the graph holds it.
 */
final class ConvNorm extends AbstractBlock {
  private static final float EPS = 1e-5f;

  /** DJL's momentum is the share of the old statistics; torch's is 0.1, the share of the new. */
  private static final float KEEP = 0.9f;

  /**
   * From so many channels on, a 3x3 convolution of 4x4 maps is faster as products of matrices on a
   * CPU, whose direct kernels find too few neighbouring outputs there: 0.8 of a direct one's time
   * at 128 channels, 0.47 at 512 (forward and backward).
   */
  private static final int WIDE = 128;

  private final boolean wide;
  private final Shape stride;
  private final Shape padding;
  private final int out;
  private final Parameter weight;
  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter mean;
  private final Parameter variance;

  ConvNorm(int in, int out, int kernel, int stride, Initializer initializer) {
    this.out = out;
    wide = kernel == 3 && stride == 1 && Math.min(in, out) >= WIDE;
    this.stride = new Shape(stride, stride);
    this.padding = new Shape(kernel / 2, kernel / 2);
    weight =
        add("weight", Parameter.Type.WEIGHT, new Shape(out, in, kernel, kernel), initializer, true);
    gamma = add("gamma", Parameter.Type.GAMMA, new Shape(out), Initializer.ONES, true);
    beta = add("beta", Parameter.Type.BETA, new Shape(out), Initializer.ZEROS, true);
    mean =
        add("running_mean", Parameter.Type.RUNNING_MEAN, new Shape(out), Initializer.ZEROS, false);
    variance =
        add("running_var", Parameter.Type.RUNNING_VAR, new Shape(out), Initializer.ONES, false);
  }

  private Parameter add(
      String name, Parameter.Type type, Shape shape, Initializer initializer, boolean trained) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(type)
            .optShape(shape)
            .optInitializer(initializer)
            .optRequiresGrad(trained)
            .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    return new NDList(apply(inputs.singletonOrThrow(), training));
  }

  /** The output, in the input's manager. */
  NDArray apply(NDArray x, boolean training) {
    try (NDArray y = convolved(x)) {
      return BatchNorm.batchNorm(
              y,
              mean.getArray(),
              variance.getArray(),
              gamma.getArray(),
              beta.getArray(),
              -1,
              KEEP,
              EPS,
              training)
          .singletonOrThrow();
    }
  }

  private NDArray convolved(NDArray x) {
    Shape shape = x.getShape();
    boolean small = shape.get(2) == 4 && shape.get(3) == 4;
    if (wide && small && x.getDataType() == DataType.FLOAT32 && !x.getDevice().isGpu()) {
      return NetworkOps.conv4x4(x, weight.getArray());
    }
    return Conv2d.conv2d(x, weight.getArray(), null, stride, padding, new Shape(1, 1), 1)
        .singletonOrThrow();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape in = inputs[0];
    long kernel = weight.getShape().get(2);
    long height = (in.get(2) + 2 * padding.get(0) - kernel) / stride.get(0) + 1;
    long width = (in.get(3) + 2 * padding.get(1) - kernel) / stride.get(1) + 1;
    return new Shape[] {new Shape(in.get(0), out, height, width)};
  }

  /** Adds this block's arrays under the names of its two layers, in state-dict order. */
  void name(String conv, String norm, Role role, List<Parameters.Entry> into) {
    into.add(new Parameters.Entry(conv + ".weight", weight.getArray(), role));
    into.add(new Parameters.Entry(norm + ".weight", gamma.getArray(), Role.NORM));
    into.add(new Parameters.Entry(norm + ".bias", beta.getArray(), Role.NORM));
    into.add(new Parameters.Entry(norm + ".running_mean", mean.getArray(), Role.BUFFER));
    into.add(new Parameters.Entry(norm + ".running_var", variance.getArray(), Role.BUFFER));
  }
}
