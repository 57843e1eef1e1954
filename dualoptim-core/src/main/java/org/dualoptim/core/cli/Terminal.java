package org.dualoptim.core.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * Whether stdout and stderr are terminals.
 *
 * <p>{@link System#console()} cannot say: on Java 17 it stands for stdin and stdout, so it is
 * absent in {@code dualoptim table > t.txt}, where a bar is welcome, and present in {@code
 * dualoptim run 2> log}, where it is not; from Java 22 on it is always present. So the C library's
 * {@code isatty} is asked; only where JNA has no native part does the console decide.
 */
final class Terminal {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private Terminal() {}

  /** Whether results go to a terminal. */
  static boolean stdout() {
    return isTerminal(STDOUT);
  }

  /** Whether progress goes to a terminal that can redraw a line. */
  static boolean stderr() {
    return !"dumb".equals(System.getenv("TERM")) && isTerminal(STDERR);
  }

  static boolean isTerminal(int fileDescriptor) {
    try {
      Function isatty =
          Platform.isWindows()
              ? Function.getFunction("msvcrt", "_isatty")
              : Function.getFunction("c", "isatty");
      return isatty.invokeInt(new Object[] {fileDescriptor}) != 0;
    } catch (LinkageError e) {
      return System.console() != null;
    }
  }
}
