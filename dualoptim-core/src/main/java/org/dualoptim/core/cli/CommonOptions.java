package org.dualoptim.core.cli;

import java.util.OptionalInt;
import org.dualoptim.core.run.Progress;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that every command has; use as {@code @Mixin CommonOptions common}, declared after
 * the command's own options so that the help shows those first. Brings {@code --help} and {@code
 * --version} along. {@link CommandSetup} reads it before the command runs, so a command only asks
 * {@link #json()}.
 */
@Command(
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class CommonOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-v", "--verbose"},
      showDefaultValue = Visibility.NEVER,
      description = "Log more; twice (-v -v) for every detail, and stack traces.")
  private boolean[] verbose = {};

  @Option(
      names = {"-q", "--quiet"},
      showDefaultValue = Visibility.NEVER,
      description = "Log warnings and errors only, and show no progress.")
  private boolean quiet;

  @Option(
      names = "--json",
      showDefaultValue = Visibility.NEVER,
      description = "Print results as JSON on stdout.")
  private boolean json;

  @Option(
      names = "--stacktrace",
      showDefaultValue = Visibility.NEVER,
      description = "Print the Java stack trace of an error.")
  private boolean stacktrace;

  /**
   * How much to log: {@code -q} WARN, nothing INFO, {@code -v} DEBUG, {@code -v -v} TRACE.
   *
   * @throws ParameterException when both {@code -q} and {@code -v} are given
   */
  public Level level() {
    if (quiet && verbose.length > 0) {
      throw new ParameterException(
          command.commandLine(), "--quiet and --verbose exclude each other");
    }
    if (quiet) {
      return Level.WARN;
    }
    switch (verbose.length) {
      case 0:
        return Level.INFO;
      case 1:
        return Level.DEBUG;
      default:
        return Level.TRACE;
    }
  }

  /**
   * What the command shows while it works: nothing with {@code --quiet}, a bar if stderr is a
   * terminal, log lines otherwise, so that files and CI logs stay free of control characters.
   */
  public Progress progress() {
    if (quiet) {
      return Progress.none();
    }
    return Terminal.stderr()
        ? new BarProgress(System.err, command.usageMessage().width())
        : Progress.log();
  }

  /** How many columns text on stdout may take, if stdout is a terminal. */
  public OptionalInt columns() {
    return Terminal.stdout() ? OptionalInt.of(command.usageMessage().width()) : OptionalInt.empty();
  }

  /** Whether results go to stdout as JSON instead of text. */
  public boolean json() {
    return json;
  }

  /** Whether an error shows where in the code it arose: {@code --stacktrace} or {@code -v -v}. */
  public boolean stacktrace() {
    return stacktrace || verbose.length > 1;
  }
}
