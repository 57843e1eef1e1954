package org.dualoptim.vision;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.JoinedSamples;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.run.Progress;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.DivergedException;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.SampledSession;
import org.dualoptim.vision.method.VisionMethod;

/**
 * Makes a classifier of one's own forget rows of its training data: any DJL {@link Block} from
 * inputs [B,...] to logits [B,C], images or not.
 *
 * <pre>{@code
 * Unlearning.Result result =
 *     Unlearning.of(model)
 *         .forget(rows)
 *         .retain(rest)
 *         .test(heldOut)
 *         .method(new SfrOn(1, 0.5, 7, 1))
 *         .optimizer(new Dual(adamW, sgd))
 *         .schedule(schedule)
 *         .batchSize(64)
 *         .run();
 * }</pre>
 *
 * <p>It is the same loop as in every experiment of this framework. The weights change in place.
 * Batches come as the datasets' own iterators would serve them, in an order drawn from the seed; a
 * pipeline that draws at random does so outside of it.
 */
public final class Unlearning {
  private final Block block;
  private RandomAccessDataset forget;
  private RandomAccessDataset retain;
  private RandomAccessDataset test;
  private VisionMethod method;
  private UnlearningOptimizer optimizer;
  private Schedule schedule;
  private Integer classes;
  private Integer batchSize;
  private long seed;
  private Progress progress = Progress.none();

  private Unlearning(Block block) {
    this.block = block;
  }

  /**
   * What a run did.
   *
   * @param before FA and RA, with a test set also TA and MIA, in percent, of the model as it was
   * @param after the same of the model as it is now
   * @param steps optimizer steps
   * @param seconds wall time of preparation and steps, evaluation left out
   */
  public record Result(Scores before, Scores after, int steps, double seconds) {

    /** A line for each metric: {@code FA 98.40 % -> 61.20 %}. */
    @Override
    public String toString() {
      return before.values().keySet().stream().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(Metric metric) {
      return String.format(
          Locale.ROOT,
          "%s %.2f %s -> %.2f %s",
          metric.label(),
          before.get(metric),
          metric.unit(),
          after.get(metric),
          metric.unit());
    }
  }

  /** Starts with the model that shall forget, its block set and its weights loaded. */
  public static Unlearning of(Model model) {
    Block block = model.getBlock();
    if (block == null) {
      throw new IllegalStateException(
          "the model has no block: call model.setBlock(...) or model.load(...) first");
    }
    return of(block);
  }

  /** Starts with the network that shall forget, initialised and trained. */
  public static Unlearning of(Block block) {
    return new Unlearning(block);
  }

  /** The rows to forget, with the labels they were trained on. */
  public Unlearning forget(RandomAccessDataset rows) {
    forget = rows;
    return this;
  }

  /** The other rows of the training data, or as many of them as there still are. */
  public Unlearning retain(RandomAccessDataset rows) {
    retain = rows;
    return this;
  }

  /** Rows that were never trained on, for TA and MIA; optional. */
  public Unlearning test(RandomAccessDataset rows) {
    test = rows;
    return this;
  }

  /** How the model forgets. */
  public Unlearning method(VisionMethod value) {
    method = value;
    return this;
  }

  /** Which optimizer state the gradients of each objective meet. */
  public Unlearning optimizer(UnlearningOptimizer value) {
    optimizer = value;
    return this;
  }

  /** How long, and which objective each step serves. */
  public Unlearning schedule(Schedule value) {
    schedule = value;
    return this;
  }

  /** Rows a step. */
  public Unlearning batchSize(int rows) {
    Check.atLeast("batchSize", 1, rows);
    batchSize = rows;
    return this;
  }

  /**
   * How many classes random labels are drawn from; as many as the model has outputs, unless said.
   */
  public Unlearning classes(int count) {
    Check.atLeast("classes", 2, count);
    classes = count;
    return this;
  }

  /** Decides the order of rows, random labels and dropout; 0 unless said. */
  public Unlearning seed(long value) {
    seed = value;
    return this;
  }

  /** Shows how far the run is; nothing is shown unless said. */
  public Unlearning progress(Progress value) {
    progress = value;
    return this;
  }

  /**
   * Evaluates, unlearns and evaluates again.
   *
   * @throws IllegalStateException if a piece is missing or does not fit, in one sentence
   * @throws DivergedException if a loss, a gradient or, at the end, a weight or prediction is not
   *     finite; the model's weights are then of no use: load them again
   */
  public Result run() {
    check();
    Parameters parameters = NamedBlock.of(block);
    if (parameters.trainable().size() == 0) {
      throw new IllegalStateException(
          "the model has no parameter that can be trained: unfreeze it, or load it with trainable parameters");
    }
    List<NDArray> frozen =
        parameters.trainable().arrays().stream().filter(array -> !array.hasGradient()).toList();
    try (NDManager manager = parameters.arrays().getManager().newSubManager()) {
      return run(Classifier.of(block), manager);
    } finally {
      frozen.forEach(array -> array.setRequiresGradient(false));
    }
  }

  private Result run(Classifier classifier, NDManager manager) {
    Samples forgotten = samples(forget, "forget");
    Samples retained = samples(retain, "retain");
    Evaluation evaluation =
        new Evaluation(
            classifier, forgotten, retained, test == null ? null : samples(test, "test"), () -> {});
    int outputs = outputs(classifier, retained, manager);
    Scores before = evaluation.scores();
    Draws draws = new Draws(seed);
    long started = System.nanoTime();
    SampledSession session =
        new SampledSession(
            classifier,
            manager,
            forgotten,
            retained,
            new JoinedSamples(forgotten, retained),
            classes == null ? outputs : classes,
            batchSize,
            schedule,
            draws,
            Artefacts.NONE,
            () -> {});
    requireTrainable(session);
    Plan plan = method.plan(session);
    int steps = plan.timeline().steps();
    double seconds;
    try (LoopState state = LoopState.start(classifier.parameters(), optimizer, manager);
        Progress bar = progress) {
      bar.begin("unlearning", steps);
      new UnlearningLoop(optimizer, draws, Set.of())
          .run(
              plan,
              state,
              (record, current, all) ->
                  bar.at(
                      current.cursor(),
                      String.format(
                          Locale.ROOT, "%s loss %.4f", record.objective().id(), record.loss())));
      seconds = (System.nanoTime() - started) / 1e9;
    }
    try {
      return new Result(before, evaluation.scores(), steps, seconds);
    } catch (NotFiniteException e) {
      int last = steps - 1;
      throw new DivergedException(last, plan.timeline().at(last).objective().id(), e);
    }
  }

  private void requireTrainable(SampledSession session) {
    try {
      session.requireTrainable(method);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("batchSize " + e.getMessage(), e);
    }
  }

  private void check() {
    if (!block.isInitialized()) {
      throw new IllegalStateException("the model has no weights yet: load or train it first");
    }
    present(forget, "forget(dataset) with the rows to forget");
    present(retain, "retain(dataset) with the rows to keep");
    present(method, "method(...), for example method(new SfrOn(1, 0.5, 7, 1))");
    present(optimizer, "optimizer(...), for example optimizer(new Dual(...))");
    present(
        schedule,
        "schedule(...), for example schedule(new Schedule.Passes(1, 1, null, 10, new LrSchedule.Constant()))");
    present(batchSize, "batchSize(rows), for example batchSize(128)");
  }

  private static void present(Object piece, String call) {
    if (piece == null) {
      throw new IllegalStateException("unlearning needs one more piece: call " + call);
    }
  }

  private static Samples samples(RandomAccessDataset dataset, String name) {
    Samples samples = new DatasetSamples(dataset);
    if (samples.size() == 0) {
      throw new IllegalStateException("the " + name + " set is empty: give it at least one row");
    }
    return samples;
  }

  /** How many classes the model tells apart. */
  private static int outputs(Classifier classifier, Samples samples, NDManager manager) {
    try (Scope scope = Scope.detached(manager)) {
      scope.borrow(classifier.parameters().arrays());
      NDArray inputs = samples.load(new int[] {0}, scope.manager()).inputs();
      Shape shape = classifier.logits(inputs, false).getShape();
      if (shape.dimension() != 2 || shape.get(0) != 1 || shape.get(1) < 2) {
        throw new IllegalStateException(
            "the model must make logits [1, classes] of one row, but makes "
                + shape
                + " of "
                + inputs.getShape());
      }
      return Math.toIntExact(shape.get(1));
    }
  }
}
