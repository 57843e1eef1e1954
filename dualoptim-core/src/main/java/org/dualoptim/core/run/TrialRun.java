package org.dualoptim.core.run;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.tensor.Weights;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.DivergedException;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.StepListener;
import org.dualoptim.core.unlearn.StepRecord;
import org.dualoptim.core.unlearn.Timeline;
import org.dualoptim.core.unlearn.UnlearningLoop;

/**
 * A trial being computed: its folder, its parents' results, and the loop with everything that
 * surrounds it: telemetry, measurements, progress, checkpoints and resume.
 *
 * @param trial what to compute
 * @param folder the trial's own folder
 * @param parents results by role, in their folders
 * @param data where data sets lie, or null for the domain's usual places
 * @param progress shows how far the run is
 * @param checkpointEvery wall time between checkpoints
 * @param interrupted asked after every step; true ends the run with a checkpoint
 * @param elapsed how long the trial has taken
 */
public record TrialRun(
    Trial trial,
    Path folder,
    Map<String, TrialResult> parents,
    Path data,
    Progress progress,
    Duration checkpointEvery,
    BooleanSupplier interrupted,
    Elapsed elapsed) {

  /** The weights a finished trial leaves in its folder. */
  public static final String WEIGHTS = "weights.safetensors";

  static final String CHECKPOINT = "checkpoint.safetensors";

  public TrialRun {
    parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
  }

  /** A file of a parent's folder. */
  public Path parentFile(String role, String name) {
    TrialResult parent = parents.get(role);
    if (parent == null) {
      throw new RecipeException(trial.recipe().given() + ": needs." + role + " is missing");
    }
    return parent.folder().resolve(name);
  }

  /**
   * Loads the weights that a parent left.
   *
   * @param parameters all that a file of the parent has; changed in place
   * @throws DataMissingException if the parent's folder has lost them
   * @throws UncheckedIOException if they are damaged or those of another model
   */
  public void load(String role, Parameters parameters) {
    Path weights = parentFile(role, WEIGHTS);
    String advice =
        "remove the folder " + weights.getParent().getFileName() + " to compute that trial again";
    if (!Files.exists(weights)) {
      throw new DataMissingException(weights, advice);
    }
    try {
      Weights.load(parameters, weights, UnaryOperator.identity());
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException(e.getMessage() + "; " + advice, e));
    }
  }

  /**
   * Keeps what plans compute at the starting weights: in the folder of the parent they come from,
   * for all trials that start there, or in the trial's own, for when it is resumed.
   *
   * @param start the role of the parent whose weights the plan starts from
   * @param content what the arrays depend on beside those weights and the data's identity, such as
   *     batches and seed; without such a parent also the weights
   */
  public Artefacts artefacts(String start, Map<String, Object> content) {
    TrialResult parent = parents.get(start);
    Map<String, Object> all = new HashMap<>(content);
    all.put("start", parent == null ? trial.hash() : parent.provenance().hash());
    all.put("data", trial.data());
    all.put("version", BuildInfo.version() + " " + BuildInfo.commit());
    return new KeptArtefacts((parent == null ? folder : parent.folder()).resolve("artefacts"), all);
  }

  /**
   * For what takes long between steps, such as a pass over a data set: ends the run here if that is
   * wanted. The loop asks after every step by itself.
   *
   * @throws InterruptedRunException if so
   */
  public void requireGoingOn() {
    if (!interrupted.getAsBoolean()) {
      return;
    }
    Path checkpoint = folder.resolve(CHECKPOINT);
    if (!Files.exists(checkpoint)) {
      throw new InterruptedRunException(0);
    }
    try {
      throw new InterruptedRunException(Checkpoint.cursor(checkpoint, trial.hash()), checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Does everything that trials of all domains have in common: makes the plan, runs it to its end,
   * from the checkpoint in the folder if there is one, measures on the way and at the end, and
   * leaves the weights in the folder.
   *
   * <p>An interruption, also of a measurement, leaves a checkpoint; a resumed run measures first
   * what was left out.
   *
   * @param loop with the trial's optimizer
   * @param plan made here, at the starting weights; its time counts as training. The engine's
   *     generator is seeded before it, and before every measurement
   * @param parameters the model's arrays at the starting weights
   * @param owner owns the optimizer's state while this runs
   * @param process measures; the last row becomes the outcome's metrics
   * @param facts what the domain has to say, in the outcome's order
   * @return the metrics, or what is not finite; then an earlier checkpoint stays
   * @throws InterruptedRunException if interrupted
   * @throws RecipeException if method, schedule and optimizer do not fit each other
   */
  public Outcome train(
      UnlearningLoop loop,
      Supplier<Plan> plan,
      Parameters parameters,
      NDManager owner,
      ProcessFile process,
      Map<String, Object> facts) {
    long started = System.nanoTime();
    Plan made;
    try {
      TorchOps.seed(loop.draws().seedOf("engine/plan", 0, 0));
      made = fitting(plan);
    } catch (NotFiniteException e) {
      return new Outcome(
          Map.of(),
          facts,
          0,
          (System.nanoTime() - started) / 1e9,
          new DivergedException(0, "preparing", e));
    }
    double prepareSeconds = (System.nanoTime() - started) / 1e9;
    Timeline timeline = fitting(made::timeline);
    double[] stepSeconds = {elapsed.stepSecondsBefore()};
    try (LoopState state = fitting(() -> LoopState.start(parameters, loop.optimizer(), owner))) {
      DivergedException diverged = null;
      try {
        run(loop, made, timeline, state, process, stepSeconds);
        Weights.save(parameters.changing(), folder.resolve(WEIGHTS), Map.of("trial", trial.id()));
      } catch (DivergedException e) {
        diverged = e;
      }
      Map<String, Object> all = new LinkedHashMap<>(facts);
      all.put("parameters", parameters.trainable().count());
      all.put("prepare_seconds", prepareSeconds);
      state.optimizer().counts().forEach((name, n) -> all.put("optimizer_" + name, n));
      return new Outcome(
          diverged == null ? process.row(timeline.steps()) : Map.of(),
          all,
          diverged == null ? timeline.steps() : Math.toIntExact(diverged.step()),
          prepareSeconds + stepSeconds[0],
          diverged);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a method, a schedule or an optimizer refuses is the recipe's mistake. */
  private <T> T fitting(Supplier<T> made) {
    try {
      return made.get();
    } catch (NotFiniteException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new RecipeException(trial.recipe().given() + ": " + e.getMessage(), e);
    }
  }

  /**
   * @param stepSeconds wall seconds of all steps, those before a resume included; counted on
   */
  private void run(
      UnlearningLoop loop,
      Plan plan,
      Timeline timeline,
      LoopState state,
      ProcessFile process,
      double[] stepSeconds)
      throws IOException {
    Path checkpoint = folder.resolve(CHECKPOINT);
    int steps = timeline.steps();
    if (Files.exists(checkpoint)) {
      Checkpoint.load(checkpoint, state, trial.hash(), steps);
    }
    try (TelemetryFile telemetry =
            TelemetryFile.continueAt(folder.resolve("telemetry.csv"), state.cursor());
        Progress bar = progress) {
      bar.begin(trial.recipe().title() + " (seed " + trial.seed() + ")", steps);
      bar.at(state.cursor(), "");
      try {
        loop.run(plan, state, new Recorder(telemetry, bar, process, loop.draws(), stepSeconds));
      } catch (InterruptedRunException e) {
        save(telemetry, state, stepSeconds[0]);
        throw new InterruptedRunException(state.cursor(), checkpoint);
      }
    }
  }

  /** Writes down what the steps did, measures, and leaves checkpoints. */
  private final class Recorder implements StepListener {
    private final TelemetryFile telemetry;
    private final Progress bar;
    private final ProcessFile process;
    private final Draws draws;
    private final double[] stepSeconds;
    private long saved = System.nanoTime();

    Recorder(
        TelemetryFile telemetry,
        Progress bar,
        ProcessFile process,
        Draws draws,
        double[] stepSeconds) {
      this.telemetry = telemetry;
      this.bar = bar;
      this.process = process;
      this.draws = draws;
      this.stepSeconds = stepSeconds;
    }

    @Override
    public void before(LoopState state, int steps) {
      seed(state);
      process.start(state, steps);
    }

    /** What a measurement draws (samples of a generator) depends on where the run stands alone. */
    private void seed(LoopState state) {
      TorchOps.seed(draws.seedOf("engine/measure", 0, state.cursor()));
    }

    @Override
    public void after(StepRecord record, LoopState state, int steps) {
      stepSeconds[0] += record.millis() / 1e3;
      telemetry.write(record);
      bar.at(
          state.cursor(),
          String.format(Locale.ROOT, "%s loss %.4f", record.objective().id(), record.loss()));
      requireGoingOn();
      seed(state);
      process.after(state, steps);
      if (System.nanoTime() - saved > checkpointEvery.toNanos()) {
        save(telemetry, state, stepSeconds[0]);
        saved = System.nanoTime();
      }
    }
  }

  /** Telemetry first: a checkpoint promises the rows of all steps before it. */
  private void save(TelemetryFile telemetry, LoopState state, double stepSeconds) {
    try {
      telemetry.flush();
      Checkpoint.save(folder.resolve(CHECKPOINT), state, trial.hash(), elapsed.facts(stepSeconds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
