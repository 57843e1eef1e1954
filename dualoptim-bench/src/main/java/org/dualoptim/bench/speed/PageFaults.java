package org.dualoptim.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Minor page faults of this process, as Linux counts them: each is a page of memory that the kernel
 * had to hand out. An allocator that keeps freed blocks needs next to none once a step has been
 * run; one that gives them back needs thousands a step.
 */
final class PageFaults {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** Counted from the field after the command's name, which is in brackets and may hold blanks. */
  private static final int MINOR_FAULTS = 7;

  private PageFaults() {}

  /** Since the process started; -1 where the system does not tell. */
  static long count() {
    try {
      String stat = Files.readString(STAT);
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MINOR_FAULTS]);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
