package org.dualoptim.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The largest resident memory of this process, as Linux counts it; -1 elsewhere. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private PeakMemory() {}

  /** Forgets the peak so far, so that {@link #mebibytes} speaks of what follows. */
  public static void reset() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException | SecurityException e) {
      // the peak then counts from the start of the process
    }
  }

  /** The peak since {@link #reset} in MiB. */
  public static long mebibytes() {
    return read("VmHWM:");
  }

  /** Resident memory now in MiB. */
  public static long currentMebibytes() {
    return read("VmRSS:");
  }

  private static long read(String key) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        }
      }
    } catch (IOException | SecurityException e) {
      return -1;
    }
    return -1;
  }
}
