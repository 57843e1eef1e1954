package org.dualoptim.core.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import org.dualoptim.core.recipe.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExitCodeExceptionMapper;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what a command throws into {@code error: one clear sentence} on picocli's error writer and
 * an {@link ExitCode}. The stack trace follows only with {@code --stacktrace} or {@code -v -v}.
 */
public final class ErrorPrinter
    implements IExecutionExceptionHandler, IExitCodeExceptionMapper, IParameterExceptionHandler {

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    print(command, Sentence.of(thrown));
    printStackTrace(thrown, command);
    return ExitCode.of(thrown).code();
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] args) {
    CommandLine command = thrown.getCommandLine();
    print(command, sentence(thrown, command));
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("Try '" + name + " --help'.");
    printStackTrace(thrown, command);
    return ExitCode.USAGE.code();
  }

  private static String sentence(ParameterException thrown, CommandLine command) {
    String unknown = null;
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      unknown = unmatched.getUnmatched().get(0);
    } else if (isOfHelp(thrown)) {
      unknown = thrown.getValue();
    }
    if (unknown == null) {
      return Sentence.of(thrown);
    }
    if (unknown.startsWith("-")) {
      String option = unknown.replaceFirst("=.*", "");
      return Sentence.of(thrown) + near(option, command.getCommandSpec().optionsMap().keySet());
    }
    Set<String> commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? Sentence.of(thrown)
        : "there is no command '" + unknown + "'" + near(unknown, commands);
  }

  /** Whether picocli's help command was asked about a command that does not exist. */
  private static boolean isOfHelp(ParameterException thrown) {
    return thrown.getArgSpec() == null
        && thrown.getValue() != null
        && thrown.getMessage().startsWith("Unknown subcommand");
  }

  private static String near(String typed, Set<String> known) {
    List<String> near = Nearest.words(typed, known);
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  @Override
  public int getExitCode(Throwable thrown) {
    return ExitCode.of(thrown).code();
  }

  private static void print(CommandLine command, String sentence) {
    PrintWriter err = command.getErr();
    err.println(command.getColorScheme().errorText("error: " + sentence));
    err.flush();
  }

  private static void printStackTrace(Throwable thrown, CommandLine command) {
    if (CommandSetup.optionsOf(command).map(CommonOptions::stacktrace).orElse(false)) {
      thrown.printStackTrace(command.getErr());
      command.getErr().flush();
    }
  }
}
