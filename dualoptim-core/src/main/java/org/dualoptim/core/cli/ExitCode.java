package org.dualoptim.core.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.run.DataMissingException;
import org.dualoptim.core.run.InterruptedRunException;
import org.dualoptim.core.unlearn.DivergedException;
import org.dualoptim.core.unlearn.NotFiniteException;
import picocli.CommandLine.ParameterException;

/** How a command ends, the same for every command. */
public enum ExitCode {
  OK(0, "done"),
  FAILED(
      1,
      "failed: an input could not be read, a check did not pass, or a result could not be written"),
  USAGE(2, "the command line or the recipe is wrong"),
  DATA_MISSING(
      3, "data or weights are missing; the message says where they belong and how to get them"),
  DIVERGED(4, "a loss, gradient or prediction was not finite; a checkpoint written before is kept"),
  INTERRUPTED(130, "interrupted (143 by SIGTERM); a checkpoint is kept");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The process exit status. */
  public int code() {
    return code;
  }

  /** One phrase for the usage help. */
  public String meaning() {
    return meaning;
  }

  /**
   * The code that an exception stands for: that of the first exception in its cause chain that has
   * one of its own, else {@link #FAILED}. Frameworks wrap (Guice, futures, picocli), so the
   * outermost type decides nothing.
   */
  public static ExitCode of(Throwable thrown) {
    for (Throwable t : Causes.of(thrown)) {
      if (t instanceof RecipeException || t instanceof ParameterException) {
        return USAGE;
      }
      if (t instanceof DataMissingException) {
        return DATA_MISSING;
      }
      if (t instanceof DivergedException || t instanceof NotFiniteException) {
        return DIVERGED;
      }
      if (t instanceof InterruptedRunException || t instanceof InterruptedException) {
        return INTERRUPTED;
      }
    }
    return FAILED;
  }

  /** Code to meaning in order, as picocli's usage help wants it. */
  public static Map<String, String> helpList() {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode each : values()) {
      list.put(Integer.toString(each.code), each.meaning);
    }
    return list;
  }
}
