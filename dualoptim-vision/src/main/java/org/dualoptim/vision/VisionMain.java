package org.dualoptim.vision;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.cli.CommandSetup;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.RunCommand;
import org.dualoptim.core.run.Domain;
import org.dualoptim.eval.EvalModule;
import picocli.CommandLine;

/**
 * The vision domain's main: without arguments the demonstration, every method of the paper on
 * embedded images with one trial each; with arguments the {@code run} command.
 */
public final class VisionMain {
  private static final List<String> DEMONSTRATION = List.of("vision/shapes");
  private static final int TRIALS = 1;

  private VisionMain() {}

  public static void main(String[] args) {
    MainProcess process = MainProcess.start();
    Injector injector =
        Guice.createInjector(
            Stage.PRODUCTION, new CoreModule(), new EvalModule(), new VisionModule());
    Map<String, Domain> domains =
        injector.getInstance(Key.get(new TypeLiteral<Map<String, Domain>>() {}));
    RunCommand command = new RunCommand(domains, DEMONSTRATION, TRIALS, process.interruption());
    process.run(CommandSetup.of(new CommandLine(command), process.log()), args);
  }
}
