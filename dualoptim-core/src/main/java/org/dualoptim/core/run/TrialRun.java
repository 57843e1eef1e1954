package org.dualoptim.core.run;

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
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.StepListener;
import org.dualoptim.core.unlearn.UnlearningLoop;

/**
 * A trial being computed: its folder, its parents' results, and the loop with everything that
 * surrounds it: telemetry, progress, checkpoints and resume.
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
      throw new RecipeException(trial.recipe().name() + ": needs." + role + " is missing");
    }
    return parent.folder().resolve(name);
  }

  /**
   * Keeps what plans compute at a parent's weights in that parent's folder, for all trials that
   * start there.
   *
   * @param start the role of the parent whose weights the plan starts from; without such a parent
   *     nothing is kept
   * @param content what the arrays depend on beside those weights and the data's identity, such as
   *     batches and seed
   */
  public Artefacts artefacts(String start, Map<String, Object> content) {
    TrialResult parent = parents.get(start);
    if (parent == null) {
      return Artefacts.NONE;
    }
    Map<String, Object> all = new HashMap<>(content);
    all.put("start", parent.provenance().hash());
    all.put("data", trial.data());
    return new KeptArtefacts(parent.folder().resolve("artefacts"), all);
  }

  /**
   * Runs the plan to its end, from the checkpoint in the folder if there is one.
   *
   * @param state at the plan's start
   * @param listener hears of every step, e.g. to evaluate every k steps; it is asked again for
   *     steps after the checkpoint only
   * @return wall seconds of all steps, those before a resume included
   * @throws InterruptedRunException if interrupted; the folder then holds a checkpoint
   * @throws DivergedException if a number stops being finite; the last checkpoint stays
   */
  public double loop(UnlearningLoop loop, Plan plan, LoopState state, StepListener listener) {
    Path checkpoint = folder.resolve(CHECKPOINT);
    String hash = trial.hash();
    try {
      if (Files.exists(checkpoint)) {
        Checkpoint.load(checkpoint, state, hash, plan.timeline().steps());
      }
      try (TelemetryFile telemetry =
              TelemetryFile.continueAt(folder.resolve("telemetry.csv"), state.cursor());
          Progress bar = progress) {
        int steps = plan.timeline().steps();
        bar.begin(trial.recipe().title() + " (seed " + trial.seed() + ")", steps);
        bar.at(state.cursor(), "");
        long[] saved = {System.nanoTime()};
        double[] stepSeconds = {elapsed.stepSecondsBefore()};
        loop.run(
            plan,
            state,
            (record, current, all) -> {
              stepSeconds[0] += record.millis() / 1e3;
              telemetry.write(record);
              bar.at(
                  current.cursor(),
                  String.format(
                      Locale.ROOT, "%s loss %.4f", record.objective().id(), record.loss()));
              listener.after(record, current, all);
              boolean stop = interrupted.getAsBoolean() && current.cursor() < all;
              if (stop || System.nanoTime() - saved[0] > checkpointEvery.toNanos()) {
                write(checkpoint, telemetry, current, hash, elapsed.facts(stepSeconds[0]));
                saved[0] = System.nanoTime();
              }
              if (stop) {
                throw new InterruptedRunException(current.cursor(), checkpoint);
              }
            });
        return stepSeconds[0];
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Telemetry first: a checkpoint promises the rows of all steps before it. */
  private static void write(
      Path file, TelemetryFile telemetry, LoopState state, String hash, Map<String, String> facts) {
    try {
      telemetry.flush();
      Checkpoint.save(file, state, hash, facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
