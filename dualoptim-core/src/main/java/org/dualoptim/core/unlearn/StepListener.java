package org.dualoptim.core.unlearn;

/**
 * Hears of every step after the weights have moved: telemetry, progress, checkpoints, an evaluation
 * every k steps.
 */
@FunctionalInterface
public interface StepListener {

  /**
   * Called on the loop's thread, without a graph. May read the state and run the model; must leave
   * weights and state as they are.
   *
   * @param record what the step did
   * @param state where the run stands, the cursor already past the step
   * @param steps how many steps the run has
   */
  void after(StepRecord record, LoopState state, int steps);
}
