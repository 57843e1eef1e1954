package org.dualoptim.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.dualoptim.core.cli.Interruption;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.NativeMemory;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Runs the whole command line in this process and remembers what the last command printed. */
final class Shell {
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  int run(Object... args) {
    out = new StringWriter();
    err = new StringWriter();
    return commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(List.of(args).stream().map(Object::toString).toArray(String[]::new));
  }

  static CommandLine commandLine() {
    NativeMemory memory = new NativeMemory(NativeMemory.State.LEFT_ALONE, "left to the test");
    return DualOptimMain.commandLine(
            new BenchModule(new MainProcess(memory, new Interruption(), level -> {})),
            level -> {},
            List.of())
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
