package org.dualoptim.core.run;

import org.slf4j.LoggerFactory;

/**
 * Shows how far a long task has come. One task at a time: {@link #begin}, then {@link #at} as often
 * as one likes (it is cheap), then {@link #end}; afterwards the next task may begin. Not safe for
 * use by several threads.
 */
public interface Progress extends AutoCloseable {

  /**
   * Starts a task; one that is still open is ended first.
   *
   * @param title what is being done, a few words
   * @param total how many units there are; 0 or less if unknown
   */
  void begin(String title, long total);

  /**
   * Reports the state of the task.
   *
   * @param done units finished so far, not since the last call
   * @param note a few words more, such as the loss; empty for none
   */
  void at(long done, String note);

  /** Ends the task; without an open task it does nothing. */
  void end();

  /** The same as {@link #end()}. */
  @Override
  default void close() {
    end();
  }

  /** Shows nothing. */
  static Progress none() {
    return new NoProgress();
  }

  /** A line in the log when a task begins and ends, and at most every ten seconds between. */
  static Progress log() {
    return new LogProgress(LoggerFactory.getLogger(Progress.class), System::nanoTime);
  }
}
