package org.dualoptim.core.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/**
 * What every main does before and after its command: the engine kept offline, memory kept, UTF-8 in
 * and out, logs to stderr, Ctrl-C that leaves a checkpoint, and the exit code.
 *
 * @param memory what was done about the allocator
 * @param interruption asked by runs after every step
 * @param log takes the level that {@code -v} and {@code -q} ask for
 */
public record MainProcess(NativeMemory memory, Interruption interruption, LogLevel log) {
  private static final Map<String, String> PROPERTIES =
      Map.of("ai.djl.offline", "true", "OPT_OUT_TRACKING", "true", "java.awt.headless", "true");

  /** Prepares this process; a main's first call. Properties that the user has set stay. */
  public static MainProcess start() {
    PROPERTIES.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    NativeMemory memory = NativeMemory.keep(System.getenv());
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    Interruption interruption = new Interruption();
    return new MainProcess(memory, interruption, ConsoleLog.install());
  }

  /**
   * Runs a command line that {@link CommandSetup} has prepared and ends the process with its {@link
   * ExitCode}; a main's last call.
   */
  public void run(CommandLine command, String[] args) {
    Stdout stdout = new Stdout(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8), true);
    PrintWriter err = new PrintWriter(System.err, true);
    int code = command.setOut(out).setErr(err).execute(args);
    out.flush();
    if (code == ExitCode.OK.code() && stdout.failure().isPresent()) {
      err.println(
          "error: results could not be written to stdout: " + Sentence.of(stdout.failure().get()));
      code = ExitCode.FAILED.code();
    }
    interruption.exit(code);
  }
}
