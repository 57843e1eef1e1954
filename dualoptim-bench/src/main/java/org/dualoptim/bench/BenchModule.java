package org.dualoptim.bench;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.cli.Interruption;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.cli.RunCommand;
import org.dualoptim.core.run.Domain;

/** What the program itself brings: how its process is set up, and {@code run} over all domains. */
final class BenchModule extends AbstractModule {
  private final NativeMemory memory;
  private final Interruption interruption;

  BenchModule(NativeMemory memory, Interruption interruption) {
    this.memory = memory;
    this.interruption = interruption;
  }

  @Override
  protected void configure() {
    bind(NativeMemory.class).toInstance(memory);
  }

  /** Runs what the user names, with all seeds of the recipe. */
  @Provides
  RunCommand run(Map<String, Domain> domains) {
    return new RunCommand(domains, List.of(), 0, interruption);
  }
}
