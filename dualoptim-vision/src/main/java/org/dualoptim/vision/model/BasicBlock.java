package org.dualoptim.vision.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.List;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/**
 * Two 3x3 convolutions with batch normalisation around a shortcut (He et al. 2016): {@code
 * relu(norm(conv(relu(norm(conv(x))))) + shortcut(x))}. Where the size halves, the shortcut is a
 * strided 1x1 convolution with normalisation ({@link Shortcut#PROJECTION}) or subsampling with
 * channels of zeros ({@link Shortcut#PADDING}, option A); else it is the identity.
 */
final class BasicBlock extends AbstractBlock {

  /** How a block that halves the size carries its input past the convolutions. */
  enum Shortcut {
    PROJECTION,
    PADDING
  }

  private final ConvNorm first;
  private final ConvNorm second;
  private final ConvNorm projection;
  private final boolean halves;
  private final int padding;

  BasicBlock(int in, int out, int stride, Shortcut shortcut, Initializer initializer) {
    first = addChildBlock("first", new ConvNorm(in, out, 3, stride, initializer));
    second = addChildBlock("second", new ConvNorm(out, out, 3, 1, initializer));
    halves = stride == 2;
    projection =
        halves && shortcut == Shortcut.PROJECTION
            ? addChildBlock("projection", new ConvNorm(in, out, 1, 1, initializer))
            : null;
    padding = shortcut == Shortcut.PADDING ? (out - in) / 2 : 0;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    return new NDList(apply(inputs.singletonOrThrow(), training));
  }

  /** The output, in the input's manager; the input stays open. */
  NDArray apply(NDArray x, boolean training) {
    NDArray hidden = NetworkOps.relu(first.apply(x, training));
    NDArray y = second.apply(hidden, training);
    hidden.close();
    NDArray carried = carried(x, training);
    NDArray sum = NetworkOps.addRelu(y, carried);
    if (carried != x) {
      carried.close();
    }
    return sum;
  }

  /**
   * What the shortcut adds; the input itself where the size stays. A projection takes its stride by
   * sampling, which gives the same numbers: oneDNN's gradient of a strided 1x1 convolution is
   * slower, and writes past its workspace where a channels-last input has fewer than 16 channels
   * (uxlfoundation/oneDNN issue 6035).
   */
  private NDArray carried(NDArray x, boolean training) {
    if (!halves) {
      return x;
    }
    try (NDArray sampled = NetworkOps.everySecond(x)) {
      return projection == null
          ? NetworkOps.padChannels(sampled, padding)
          : projection.apply(sampled, training);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return second.getOutputShapes(first.getOutputShapes(inputs));
  }

  @Override
  protected void initializeChildBlocks(
      ai.djl.ndarray.NDManager manager, ai.djl.ndarray.types.DataType type, Shape... inputs) {
    first.initialize(manager, type, inputs);
    second.initialize(manager, type, first.getOutputShapes(inputs));
    if (projection != null) {
      projection.initialize(manager, type, inputs);
    }
  }

  void name(String prefix, List<Parameters.Entry> into) {
    first.name(prefix + ".conv1", prefix + ".bn1", Role.HIDDEN, into);
    second.name(prefix + ".conv2", prefix + ".bn2", Role.HIDDEN, into);
    if (projection != null) {
      projection.name(prefix + ".downsample.0", prefix + ".downsample.1", Role.HIDDEN, into);
    }
  }
}
