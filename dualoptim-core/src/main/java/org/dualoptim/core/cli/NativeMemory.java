package org.dualoptim.core.cli;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.List;
import java.util.Map;

/**
 * Whether the C library keeps the memory that tensors gave back, and why. A training step frees and
 * allocates the same large blocks over and over; glibc returns them to the kernel each time, and
 * the page faults that follow cost a tenth to a third of a step. Keeping them is faster, at the
 * price of more resident memory.
 *
 * <p>Only glibc on Linux has this behaviour and these switches ({@code mallopt(3)}):
 *
 * <ul>
 *   <li>{@code M_MMAP_MAX = 0}: large blocks come from the heap, not from maps of their own, which
 *       are unmapped when freed;
 *   <li>{@code M_TRIM_THRESHOLD = 2^31 - 1}: the top of the heap is not given back below that size;
 *   <li>{@code M_TOP_PAD = 64 MiB}: the heap grows in steps of at least that.
 * </ul>
 *
 * <p>A launcher can do one thing more, which glibc only reads when a process starts: {@code
 * GLIBC_TUNABLES=glibc.malloc.hugetlb=1} asks the kernel for huge pages (glibc 2.35 and newer).
 *
 * <p>The number of arenas is left alone. A block that does not fit an arena's 64 MiB heap comes
 * from the main heap anyhow, and one arena for all would make data threads and the step wait for
 * each other.
 *
 * @param state what happens to freed blocks
 * @param reason one phrase for a person, without a final full stop
 */
public record NativeMemory(State state, String reason) {

  /** What happens to freed blocks. */
  public enum State {
    /** The C library keeps them. */
    KEPT,
    /** They are handled as the user chose, or by a system that has no such switch. */
    LEFT_ALONE,
    /** They should be kept, but the C library cannot be told so. */
    NOT_POSSIBLE
  }

  /** The environment variable that turns this off when it is {@code 0}. */
  public static final String SWITCH = "DUALOPTIM_KEEP_MEMORY";

  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_MAX = -4;
  private static final int TOP_PAD_BYTES = 64 << 20;

  /** What the launcher sets before the JVM starts; glibc reads them once, at start. */
  private static final List<String> VARIABLES =
      List.of("MALLOC_MMAP_MAX_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_");

  /**
   * Tells the C library to keep freed blocks, for the rest of the process; a main calls it before
   * the engine starts. It never fails: where it can do nothing, the answer says why.
   *
   * @param environment usually {@code System.getenv()}; a {@code MALLOC_} variable in it means that
   *     the user or the launcher has chosen, and nothing is changed
   */
  public static NativeMemory keep(Map<String, String> environment) {
    if ("0".equals(environment.get(SWITCH))) {
      return new NativeMemory(State.LEFT_ALONE, "returned to the system, as " + SWITCH + "=0 asks");
    }
    if (!Platform.isLinux()) {
      return new NativeMemory(
          State.LEFT_ALONE, "left to the allocator of " + System.getProperty("os.name"));
    }
    if (environment.getOrDefault("LD_PRELOAD", "").contains("malloc")) {
      return new NativeMemory(
          State.LEFT_ALONE, "left to the allocator in LD_PRELOAD=" + environment.get("LD_PRELOAD"));
    }
    if (VARIABLES.stream().anyMatch(environment::containsKey)) {
      boolean kept = "0".equals(environment.get("MALLOC_MMAP_MAX_"));
      return new NativeMemory(
          kept ? State.KEPT : State.LEFT_ALONE,
          (kept ? "kept" : "handled") + " as the MALLOC_ variables of the environment ask");
    }
    return call();
  }

  private static NativeMemory call() {
    try {
      NativeLibrary process = NativeLibrary.getProcess();
      String version =
          (String) process.getFunction("gnu_get_libc_version").invoke(String.class, new Object[0]);
      boolean done =
          set(process, M_MMAP_MAX, 0)
              && set(process, M_TRIM_THRESHOLD, Integer.MAX_VALUE)
              && set(process, M_TOP_PAD, TOP_PAD_BYTES);
      return done
          ? new NativeMemory(State.KEPT, "kept by glibc " + version)
          : new NativeMemory(State.NOT_POSSIBLE, "not kept: glibc " + version + " refuses");
    } catch (LinkageError e) { // another C library, or no native part of JNA for this machine
      return new NativeMemory(State.NOT_POSSIBLE, "not kept: the C library is not glibc");
    }
  }

  private static boolean set(NativeLibrary process, int option, int value) {
    return process.getFunction("mallopt").invokeInt(new Object[] {option, value}) == 1;
  }
}
