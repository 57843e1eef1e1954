package org.dualoptim.core.unlearn;

/**
 * A schedule over parts of known length: a pure function from step index to slot, so that a cursor
 * is one number.
 */
public interface Timeline {

  /** How many steps the run has. */
  int steps();

  /** The run's length on its own clock, the default {@code total} of a learning-rate schedule. */
  double length();

  /** The slot of step {@code 0 <= step < steps()}. */
  Slot at(int step);

  /**
   * Whether the step is the last of a run of steps of one objective: telemetry compares gradients
   * there.
   */
  default boolean endsBlock(int step) {
    return step + 1 == steps() || at(step + 1).objective() != at(step).objective();
  }
}
