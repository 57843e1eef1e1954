package org.dualoptim.vision;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.dataset.ArrayDataset;
import java.util.SplittableRandom;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.vision.method.FineTune;

/**
 * A DJL user's model and data: three clouds of points in the plane, the first twelve rows
 * mislabelled so that only a model that saw them knows.
 */
final class Clouds {
  static final int CLASSES = 3;
  private static final int TRAIN = 72;

  private Clouds() {}

  static ArrayDataset train(NDManager manager) {
    return points(manager, TRAIN, 12, 1);
  }

  static ArrayDataset test(NDManager manager) {
    return points(manager, 36, 0, 2);
  }

  /**
   * Points of class {@code row % 3}, the first rows labelled as the next class and set apart on a
   * ring.
   */
  private static ArrayDataset points(NDManager manager, int rows, int odd, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] points = new float[rows * 2];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      int cloud = row % CLASSES;
      double radius = row < odd ? 4 : 2;
      double angle = 2 * Math.PI * cloud / CLASSES;
      points[2 * row] = (float) (radius * Math.cos(angle) + 0.4 * random.nextGaussian());
      points[2 * row + 1] = (float) (radius * Math.sin(angle) + 0.4 * random.nextGaussian());
      labels[row] = row < odd ? (cloud + 1) % CLASSES : cloud;
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(rows, 2)))
        .optLabels(manager.create(labels))
        .setSampling(16, true)
        .build();
  }

  /** A perceptron with one hidden layer and batch normalisation, initialised. */
  static Block network(NDManager manager, int outputs) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(32).build())
            .add(BatchNorm.builder().build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(outputs).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
    return block;
  }

  /** A model that has learned the training rows, the odd ones included. */
  static Model trainedModel(NDManager manager) {
    Model model = Model.newInstance("clouds", "PyTorch");
    model.setBlock(network(model.getNDManager(), CLASSES));
    ArrayDataset all = train(manager);
    Unlearning.of(model)
        .forget(all)
        .retain(all)
        .method(new FineTune())
        .optimizer(new Shared(new Sgd(0.1, 0.9, 0, false), null, null))
        .schedule(new Schedule.Passes(null, 1, null, 60, new LrSchedule.Constant()))
        .batchSize(16)
        .run();
    return model;
  }
}
