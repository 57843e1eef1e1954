package org.dualoptim.core.run;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A run was stopped from outside between two steps; commands end with exit code 130. */
public class InterruptedRunException extends RuntimeException {
  private final long steps;
  private final transient Path checkpoint;

  /**
   * The sentence names the checkpoint and {@code --resume}.
   *
   * @param steps how many steps were finished
   * @param checkpoint the file from which the run goes on
   */
  public InterruptedRunException(long steps, Path checkpoint) {
    super(
        "interrupted after "
            + steps
            + " steps; the same command with --resume goes on from "
            + Objects.requireNonNull(checkpoint, "checkpoint"));
    this.steps = steps;
    this.checkpoint = checkpoint;
  }

  /**
   * A run that leaves no checkpoint.
   *
   * @param steps how many steps were finished
   */
  public InterruptedRunException(long steps) {
    super(
        "interrupted after "
            + steps
            + " steps; no checkpoint was kept, so it starts anew next time");
    this.steps = steps;
    this.checkpoint = null;
  }

  /** Between two trials: nothing is lost and nothing was begun. */
  public InterruptedRunException() {
    super(
        "interrupted between two trials; the same command with --resume goes on with the next one");
    this.steps = 0;
    this.checkpoint = null;
  }

  /** How many steps were finished. */
  public long steps() {
    return steps;
  }

  /** The file from which the run goes on, if one was kept. */
  public Optional<Path> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }
}
