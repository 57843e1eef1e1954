package org.dualoptim.core.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Gives a command line and all its subcommands what they share: error printing, exit codes (also in
 * the usage help), {@code --version}, and the log level of {@link CommonOptions}. A main is
 *
 * <pre>{@code
 * System.exit(CommandSetup.of(new CommandLine(root), logLevel).execute(args));
 * }</pre>
 */
public final class CommandSetup {
  private CommandSetup() {}

  /**
   * Sets up {@code root} in place; call it after all subcommands were added.
   *
   * @return {@code root}
   */
  public static CommandLine of(CommandLine root, LogLevel logLevel) {
    Objects.requireNonNull(logLevel, "logLevel");
    ErrorPrinter errors = new ErrorPrinter();
    root.registerConverter(Path.class, new PathConverter())
        .setExecutionExceptionHandler(errors)
        .setExitCodeExceptionMapper(errors)
        .setParameterExceptionHandler(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(leveled(logLevel));
    describe(
        root,
        new VersionProvider(root.getCommandName(), root.getCommandSpec().userObject().getClass()));
    return root;
  }

  private static IExecutionStrategy leveled(LogLevel logLevel) {
    return parsed -> {
      ParseResult last = parsed;
      while (last.hasSubcommand()) {
        last = last.subcommand();
      }
      CommandLine command = last.commandSpec().commandLine();
      optionsOf(command).ifPresent(options -> logLevel.set(options.level()));
      try {
        return new RunLast().execute(parsed);
      } catch (Error e) { // picocli hands over exceptions only; a full heap deserves a sentence too
        throw new ExecutionException(command, e.toString(), e);
      }
    };
  }

  private static void describe(CommandLine command, VersionProvider version) {
    if (command.getCommandSpec().usageMessage().description().length == 0) {
      command.getCommandSpec().usageMessage().description(""); // the line below the synopsis
    }
    command
        .getCommandSpec()
        .versionProvider(version)
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.helpList());
    command.getSubcommands().values().forEach(below -> describe(below, version));
  }

  /** The shared options of a command, or of the nearest command above it that has them. */
  static Optional<CommonOptions> optionsOf(CommandLine command) {
    for (CommandLine c = command; c != null; c = c.getParent()) {
      for (Object mixin : c.getMixins().values()) {
        if (mixin instanceof CommonOptions) {
          return Optional.of((CommonOptions) mixin);
        }
      }
    }
    return Optional.empty();
  }
}
