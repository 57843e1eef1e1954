package org.dualoptim.core.cli;

import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * Whether stderr, where progress goes, is a terminal.
 *
 * <p>{@link System#console()} cannot say: on Java 17 it stands for stdin and stdout, so it is
 * absent in {@code dualoptim table > t.txt}, where a bar is welcome, and present in {@code
 * dualoptim run 2> log}, where it is not; from Java 22 on it is always present. So the C library's
 * {@code isatty(2)} is asked; only where JNA has no native part does the console decide.
 */
final class StderrTerminal {
  private static final int STDERR = 2;

  private StderrTerminal() {}

  static boolean present() {
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
