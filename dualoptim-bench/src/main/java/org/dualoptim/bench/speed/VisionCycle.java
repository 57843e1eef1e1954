package org.dualoptim.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dualoptim.bench.speed.Rounds.Round;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.image.Augmentation;
import org.dualoptim.core.image.ImageSamples;
import org.dualoptim.core.image.ImageSet;
import org.dualoptim.core.optim.Optimizer;
import org.dualoptim.core.optim.OptimizerState;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.run.PeakMemory;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.OpLibrary;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.Tap;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.SampledSession;
import org.dualoptim.vision.method.VisionMethod;
import org.dualoptim.vision.model.Architecture;

/**
 * SFRon+DO on a ResNet-18 as a trial runs it: the paper's recipe with its mask, optimizers,
 * augmentation and loop. Only the network's width, the batch and the images differ: noise, one
 * batch to forget and one to retain, which each step draws and augments anew.
 */
final class VisionCycle implements AutoCloseable {
  /** Where every hyperparameter comes from. */
  static final String RECIPE = "vision/cifar10-resnet18-random10/sfron-do";

  private static final int SETS = 2; // one batch to forget, one to retain

  private static final int CHANNELS = 3;

  private static final Draws DRAWS = new Draws(1);

  private static final OpLibrary ENGINE = OpLibrary.of(VisionCycle.class, "ops.py");

  private final Work work;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final UnlearningOptimizer optimizer;
  private final Optimizer retain;
  private final Parameters parameters;
  private final int classes;
  private final Plan plan;
  private final LoopState state;

  /** Prepares network and mask. */
  VisionCycle(Work work, Tables tables) {
    this.work = work;
    ObjectNode recipe = new Recipes(Map.of()).read(RECIPE).tree();
    ((ObjectNode) recipe.at("/model/architecture")).put("width", work.width());
    ((ObjectNode) recipe.at("/schedule")).put("cycles", work.cycles());
    Architecture architecture = part(tables, recipe, "/model/architecture", Architecture.class);
    optimizer = part(tables, recipe, "/optimizer", UnlearningOptimizer.class);
    retain = part(tables, recipe, "/optimizer/retain", Optimizer.class);
    classes = architecture.numClasses();

    NamedBlock network = architecture.create(DRAWS.at("initial weights", 0, 0));
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, work.size(), work.size()));
    Classifier classifier = Classifier.of(network);
    parameters = classifier.parameters();
    ImageSet noise = noise(SETS * work.batch(), work.size(), architecture.numClasses());
    Augmentation augmentation = part(tables, recipe, "/data/augmentation", Augmentation.class);
    Samples forget =
        new ImageSamples(noise.subset(IntStream.range(0, work.batch()).toArray()), augmentation);
    Samples retained =
        new ImageSamples(
            noise.subset(IntStream.range(work.batch(), noise.size()).toArray()), augmentation);
    plan =
        part(tables, recipe, "/method", VisionMethod.class)
            .plan(
                new SampledSession(
                    classifier,
                    manager,
                    forget,
                    retained,
                    new ImageSamples(noise, augmentation),
                    architecture.numClasses(),
                    work.batch(),
                    part(tables, recipe, "/schedule", Schedule.class),
                    DRAWS,
                    Artefacts.NONE,
                    () -> {}));
    state = LoopState.start(classifier.parameters(), optimizer, manager);
  }

  /** How many numbers the images of a cycle are. */
  static double pixels(int batch, int size) {
    return (double) SETS * batch * CHANNELS * size * size;
  }

  private static <T> T part(Tables tables, JsonNode recipe, String pointer, Class<T> type) {
    return tables.read(recipe.at(pointer), type, pointer.substring(1).replace('/', '.'));
  }

  private static ImageSet noise(int count, int size, int classes) {
    RandomGenerator random = DRAWS.at("images", 0, 0);
    byte[] pixels = new byte[count * CHANNELS * size * size];
    random.nextBytes(pixels);
    int[] labels = IntStream.range(0, count).map(i -> i % classes).toArray();
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new ImageSet(CHANNELS, size, size, pixels, labels, names);
  }

  /** Runs the plan once more, from the weights and optimizer states that the last round left. */
  Round run(boolean telemetry) {
    UnlearningLoop loop =
        new UnlearningLoop(optimizer, DRAWS, telemetry ? Set.of(Tap.values()) : Set.of());
    state.cursor(0);
    int threads = TorchOps.threads();
    TorchOps.threads(work.threads());
    try {
      PeakMemory.reset();
      long faults = PageFaults.count();
      long started = System.nanoTime();
      loop.run(plan, state, (record, current, steps) -> {});
      double millis = (System.nanoTime() - started) / 1e6;
      faults = faults < 0 ? faults : PageFaults.count() - faults;
      int steps = work.stepsPerRound();
      return new Round(millis / steps, (double) faults / steps, PeakMemory.mebibytes());
    } finally {
      TorchOps.threads(threads);
    }
  }

  /**
   * Milliseconds of a retain step whose forward and backward pass are one call of the engine and
   * whose update is another: the engine's own time for the same operators, without Java between
   * them, mean over the steps of a round. Loading a batch and forgetting are left out.
   */
  double engineAlone() {
    int threads = TorchOps.threads();
    TorchOps.threads(work.threads());
    Parameters trained = parameters.trainable();
    NDList weights = trained.arrays();
    NDList statistics = parameters.withRole(Role.BUFFER).arrays();
    long[] labels = LongStream.range(0, work.batch()).map(i -> i % classes).toArray();
    try (NDManager own = manager.newSubManager()) {
      OptimizerState momentum = retain.init(trained, own);
      NDArray noise = own.randomNormal(new Shape(work.batch(), 3, work.size(), work.size()));
      NDArray images = TorchOps.channelsLast(noise);
      NDArray targets = own.create(labels);
      long started = System.nanoTime();
      for (int step = 0; step < work.stepsPerRound(); step++) {
        try (Scope scope = Scope.recording(own)) {
          NDList gradients = gradients(images, targets, weights, statistics);
          gradients.attach(scope.manager());
          try (Scope update = Scope.detached(own)) {
            retain.step(trained, gradients, momentum, 0);
          }
        }
      }
      return (System.nanoTime() - started) / 1e6 / work.stepsPerRound();
    } finally {
      TorchOps.threads(threads);
    }
  }

  /**
   * Gradients of the mean cross-entropy of a ResNet-18 in training mode, in one call of the engine.
   *
   * @param images [N,3,H,W], channels last
   * @param targets [N], int64
   * @param weights the trained arrays in state-dict order
   * @param statistics mean and std of the data, then the running statistics in that order
   */
  static NDList gradients(NDArray images, NDArray targets, NDList weights, NDList statistics) {
    return ENGINE.call("retain", images, targets, weights, statistics);
  }

  @Override
  public void close() {
    state.close();
    manager.close();
  }
}
