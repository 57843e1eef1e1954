package org.dualoptim.vision.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;

/**
 * Residual networks in their CIFAR forms, images [B,3,H,W] of 0..1 to logits [B,num_classes]:
 * normalise with the data's mean and std, 3x3 convolution without pooling, stages of {@link
 * BasicBlock}s that halve the size from the second stage on, global average, linear.
 *
 * <ul>
 *   <li>{@link #resnet18}: four stages of two blocks, widths 1, 2, 4, 8 times {@code width},
 *       projection shortcuts, convolutions Kaiming-normal over fan-out; 11,173,962 parameters at
 *       width 64 and 10 classes. Names as torchvision's.
 *   <li>{@link #cifar}: three stages of n blocks, widths 16, 32, 64, padding shortcuts (option A),
 *       Kaiming-normal over fan-in; 269,722 parameters at depth 20. Names as torchvision's, {@code
 *       fc} for the last layer.
 * </ul>
 *
 * <p>Source: He et al. 2016 (arXiv 1512.03385); initial values as in the official DualOptim code.
 */
public final class ResNet extends AbstractBlock implements NamedBlock {
  private final int[] stages;
  private final List<BasicBlock> blocks = new ArrayList<>();
  private final ConvNorm stem;
  private final Parameter mean;
  private final Parameter std;
  private final Parameter fcWeight;
  private final Parameter fcBias;
  private final int classes;

  private ResNet(
      int[] stages,
      int width,
      int classes,
      BasicBlock.Shortcut shortcut,
      Initializer convolution,
      Initializer linear,
      Initializer bias,
      List<Double> mean,
      List<Double> std) {
    this.stages = stages.clone();
    this.classes = classes;
    this.mean = mean == null ? null : constant("mean", mean);
    this.std = std == null ? null : constant("std", std);
    stem = addChildBlock("stem", new ConvNorm(3, width, 3, 1, convolution));
    int in = width;
    for (int stage = 0; stage < stages.length; stage++) {
      int out = width << stage;
      for (int i = 0; i < stages[stage]; i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        blocks.add(
            addChildBlock(
                "block" + (stage + 1) + "_" + i,
                new BasicBlock(in, out, stride, shortcut, convolution)));
        in = out;
      }
    }
    fcWeight =
        addParameter(
            Parameter.builder()
                .setName("fc_weight")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(classes, in))
                .optInitializer(linear)
                .build());
    fcBias =
        addParameter(
            Parameter.builder()
                .setName("fc_bias")
                .setType(Parameter.Type.BIAS)
                .optShape(new Shape(classes))
                .optInitializer(bias)
                .build());
  }

  /**
   * ResNet-18 for small images.
   *
   * @param classes number of classes
   * @param width channels of the first stage, 64 in the paper
   * @param mean channel means of the data, or null for no normalisation
   * @param std channel standard deviations, or null
   * @param random draws the initial values
   */
  public static ResNet resnet18(
      int classes, int width, List<Double> mean, List<Double> std, RandomGenerator random) {
    return new ResNet(
        new int[] {2, 2, 2, 2},
        width,
        classes,
        BasicBlock.Shortcut.PROJECTION,
        Initializers.kaimingNormalFanOut(random),
        Initializers.uniform(random, 1 / Math.sqrt(8.0 * width)),
        Initializers.uniform(random, 1 / Math.sqrt(8.0 * width)),
        mean,
        std);
  }

  /**
   * ResNet-20, 32, 44 or 56 for small images.
   *
   * @param depth {@code 6 n + 2} layers
   * @param classes number of classes
   * @param mean channel means of the data, or null for no normalisation
   * @param std channel standard deviations, or null
   * @param random draws the initial values
   */
  public static ResNet cifar(
      int depth, int classes, List<Double> mean, List<Double> std, RandomGenerator random) {
    int n = (depth - 2) / 6;
    if (n < 1 || 6 * n + 2 != depth) {
      throw new IllegalArgumentException("depth must be 6 n + 2, got " + depth);
    }
    return new ResNet(
        new int[] {n, n, n},
        16,
        classes,
        BasicBlock.Shortcut.PADDING,
        Initializers.kaimingNormalFanIn(random),
        Initializers.kaimingNormalFanIn(random),
        Initializers.uniform(random, 1 / Math.sqrt(64)),
        mean,
        std);
  }

  private Parameter constant(String name, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optShape(new Shape(floats.length))
            .optInitializer((manager, shape, type) -> manager.create(floats, shape))
            .optRequiresGrad(false)
            .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray x = inputs.singletonOrThrow();
    NDArray hidden = NetworkOps.relu(stem.apply(normalised(x), training));
    for (BasicBlock block : blocks) {
      try (NDArray in = hidden) {
        hidden = block.apply(in, training);
      }
    }
    NDArray pooled = Pool.globalAvgPool2d(hidden);
    hidden.close();
    return pooled.getNDArrayInternal().linear(pooled, fcWeight.getArray(), fcBias.getArray());
  }

  /** {@code (x - mean) / std} by channel, in x's manager. */
  private NDArray normalised(NDArray x) {
    if (mean == null) {
      return x;
    }
    Shape byChannel = new Shape(1, 3, 1, 1);
    try (NDArray m = mean.getArray().reshape(byChannel);
        NDArray s = std.getArray().reshape(byChannel)) {
      return x.sub(m).divi(s);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), classes)};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    stem.initialize(manager, type, inputs);
    Shape[] shapes = stem.getOutputShapes(inputs);
    for (BasicBlock block : blocks) {
      block.initialize(manager, type, shapes);
      shapes = block.getOutputShapes(shapes);
    }
  }

  @Override
  public Parameters parameters() {
    List<Parameters.Entry> entries = new ArrayList<>();
    if (mean != null) {
      entries.add(new Parameters.Entry("normalize.mean", mean.getArray(), Role.BUFFER));
      entries.add(new Parameters.Entry("normalize.std", std.getArray(), Role.BUFFER));
    }
    stem.name("conv1", "bn1", Role.INPUT, entries);
    int next = 0;
    for (int stage = 0; stage < stages.length; stage++) {
      for (int i = 0; i < stages[stage]; i++) {
        blocks.get(next++).name("layer" + (stage + 1) + "." + i, entries);
      }
    }
    entries.add(new Parameters.Entry("fc.weight", fcWeight.getArray(), Role.OUTPUT));
    entries.add(new Parameters.Entry("fc.bias", fcBias.getArray(), Role.BIAS));
    return Parameters.of(entries);
  }
}
