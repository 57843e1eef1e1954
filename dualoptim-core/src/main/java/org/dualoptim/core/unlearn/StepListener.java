package org.dualoptim.core.unlearn;

/**
 * Hears of every step after the weights have moved: telemetry, progress, checkpoints, an evaluation
 * every k steps.
 */
@FunctionalInterface
public interface StepListener {

  /** Hears of nothing. */
  StepListener NONE = (record, state, steps) -> {};

  /**
   * Called before the first step, or before the next one of a run that is resumed, without a graph.
   *
   * @param state where the run stands
   * @param steps how many steps the run has
   */
  default void before(LoopState state, int steps) {}

  /**
   * Called on the loop's thread, without a graph. May read the state and run the model; must leave
   * weights and optimizer state as they are.
   *
   * @param record what the step did
   * @param state where the run stands, the cursor already past the step
   * @param steps how many steps the run has
   */
  void after(StepRecord record, LoopState state, int steps);
}
