package org.dualoptim.bench;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dualoptim.bench.cli.DoctorCommand;
import org.dualoptim.bench.cli.ParityCommand;
import org.dualoptim.bench.cli.RecipesCommand;
import org.dualoptim.bench.cli.RunsCommand;
import org.dualoptim.bench.speed.SpeedCommand;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.cli.Causes;
import org.dualoptim.core.cli.CommandSetup;
import org.dualoptim.core.cli.EvaluateCommand;
import org.dualoptim.core.cli.ExitCode;
import org.dualoptim.core.cli.LogLevel;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.RunCommand;
import org.dualoptim.core.cli.Sentence;
import org.dualoptim.eval.EvalModule;
import org.dualoptim.vision.VisionModule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.InitializationException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code dualoptim} command. Guice modules that {@link ServiceLoader} finds on the class path
 * are installed beside the built-in ones, so a jar of one's own can add methods, optimizers and
 * parity kinds.
 */
@Command(
    name = "dualoptim",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Makes trained models forget, with one optimizer for forgetting and one for retaining, and"
          + " measures what they still know.",
      "",
    },
    commandListHeading = "%nCommands:%n",
    subcommands = {
      RunCommand.class,
      EvaluateCommand.class,
      RecipesCommand.class,
      RunsCommand.class,
      ParityCommand.class,
      SpeedCommand.class,
      DoctorCommand.class,
      HelpCommand.class,
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  dualoptim doctor               what this machine has to run on",
      "  dualoptim recipes              what there is to run",
      "  dualoptim run vision/shapes    every method on embedded images",
      "  dualoptim help parity          how a command is used",
    })
public final class DualOptimMain implements Callable<Integer> {

  /** Guice logs the traces of what modules throw; held, since loggers are collected. */
  private static final Logger GUICE = Logger.getLogger("com.google.inject");

  @Spec private CommandSpec command;

  /** Runs the command line and ends the process with its {@link ExitCode}. */
  public static void main(String[] args) {
    MainProcess process = MainProcess.start();
    GUICE.setLevel(Level.OFF);
    try {
      CommandLine all = commandLine(new BenchModule(process), process.log(), outsideModules());
      process.run(all, args);
    } catch (CreationException
        | InitializationException
        | ServiceConfigurationError
        | LinkageError e) {
      System.err.println("error: " + misfit(e));
      if (List.of(args).contains("--stacktrace")) {
        e.printStackTrace();
      }
      System.exit(ExitCode.FAILED.code());
    }
  }

  private static List<Module> outsideModules() {
    return ServiceLoader.load(Module.class).stream().map(ServiceLoader.Provider::get).toList();
  }

  /** Why the command line could not be made: only what comes from outside can be the reason. */
  static String misfit(Throwable thrown) {
    return "a module on the class path does not fit: "
        + reason(thrown)
        + "; correct it, or take its jar out of DUALOPTIM_CLASSPATH";
  }

  private static String reason(Throwable thrown) {
    if (thrown instanceof CreationException refused) {
      return refused.getErrorMessages().stream()
          .filter(message -> message.getCause() != null)
          .findFirst()
          .map(message -> Sentence.of(message.getCause()))
          .orElseGet(
              () ->
                  refused.getErrorMessages().iterator().next().getMessage().replaceAll("\\.$", ""));
    }
    if (thrown instanceof ServiceConfigurationError) {
      return thrown.getMessage();
    }
    return Sentence.of(Causes.root(thrown));
  }

  /**
   * The whole command line, ready to execute.
   *
   * @param bench what this process brings
   * @param logLevel sets the log level that {@code -v} and {@code -q} ask for
   * @param outside modules beside the built-in ones
   */
  static CommandLine commandLine(BenchModule bench, LogLevel logLevel, List<Module> outside) {
    List<Module> modules = new ArrayList<>();
    modules.addAll(List.of(new CoreModule(), new EvalModule(), new VisionModule(), bench));
    modules.addAll(outside);
    Injector injector = Guice.createInjector(modules);
    return CommandSetup.of(new CommandLine(DualOptimMain.class, ours(injector)), logLevel);
  }

  /** Guice makes our own classes, picocli its own. */
  private static IFactory ours(Injector injector) {
    IFactory picocli = CommandLine.defaultFactory();
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        return type.getName().startsWith("org.dualoptim.")
            ? injector.getInstance(type)
            : picocli.create(type);
      }
    };
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public Integer call() {
    command.commandLine().usage(command.commandLine().getErr());
    return ExitCode.USAGE.code();
  }
}
