package org.dualoptim.bench;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.cli.EvaluateCommand;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.cli.RunCommand;
import org.dualoptim.core.run.Domain;

/** What the program itself brings: how its process is set up, and {@code run} over all domains. */
final class BenchModule extends AbstractModule {
  private final MainProcess process;

  BenchModule(MainProcess process) {
    this.process = process;
  }

  @Override
  protected void configure() {
    bind(NativeMemory.class).toInstance(process.memory());
  }

  /** Runs what the user names, with all seeds of the recipe. */
  @Provides
  RunCommand run(Map<String, Domain> domains) {
    return new RunCommand(domains, List.of(), 0, process.interruption());
  }

  /** Measures weights under any domain's recipe. */
  @Provides
  EvaluateCommand evaluate(Map<String, Domain> domains) {
    return new EvaluateCommand(domains);
  }
}
