package org.dualoptim.core.cli;

import java.io.PrintWriter;
import java.util.List;
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
    StringBuilder sentence = new StringBuilder(Sentence.of(thrown));
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      if (!command.getSubcommands().isEmpty() && !first.startsWith("-")) {
        sentence = new StringBuilder("there is no command '" + first + "'");
      }
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        sentence.append("; did you mean ").append(String.join(" or ", near)).append('?');
      }
    }
    print(command, sentence.toString());
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("Try '" + name + " --help'.");
    printStackTrace(thrown, command);
    return ExitCode.USAGE.code();
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
