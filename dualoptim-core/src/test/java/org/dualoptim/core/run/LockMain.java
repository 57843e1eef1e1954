package org.dualoptim.core.run;

import java.io.IOException;
import java.nio.file.Path;

/** Another process that asks whether a trial is being computed: ends with 1 if so, 0 if not. */
final class LockMain {
  private LockMain() {}

  public static void main(String[] args) throws IOException {
    System.exit(TrialStore.locked(Path.of(args[0])) ? 1 : 0);
  }
}
