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
import org.dualoptim.core.cli.ConsoleLog;
import org.dualoptim.core.cli.Interruption;
import org.dualoptim.core.cli.RunCommand;
import org.dualoptim.core.run.Domain;
import org.dualoptim.eval.EvalModule;
import picocli.CommandLine;

/**
 * The vision domain's main: without arguments the demonstration, every method of the paper on embedded images with one trial each; with
 * arguments the {@code run} command.
 */
public final class VisionMain {
  private static final List<String> DEMONSTRATION = List.of("vision/shapes");

  private VisionMain() {}

  public static void main(String[] args) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("java.awt.headless", "true");
    ConsoleLog log = ConsoleLog.install();
    Injector injector =
        Guice.createInjector(Stage.PRODUCTION, new CoreModule(), new EvalModule(), new VisionModule());
    Map<String, Domain> domains = injector.getInstance(Key.get(new TypeLiteral<Map<String, Domain>>() {}));
    Interruption interruption = new Interruption();
    RunCommand command = new RunCommand(domains, DEMONSTRATION, 1, interruption);
    interruption.exit(CommandSetup.of(new CommandLine(command), log).execute(args));
  }
}
