package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dualoptim.core.unlearn.DivergedException;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class CommandSetupTest {

  private enum Scale {
    SMALL,
    PAPER
  }

  @Command(name = "tool")
  private static final class Root implements Runnable {
    @Mixin CommonOptions common;

    @Override
    public void run() {}
  }

  @Command(name = "run")
  private static final class Run implements Callable<Integer> {
    @Mixin CommonOptions common;

    @Option(names = "--seed")
    int seed;

    @Option(names = "--scale")
    Scale scale;

    private final Callable<Integer> body;

    Run(Callable<Integer> body) {
      this.body = body;
    }

    @Override
    public Integer call() throws Exception {
      return body.call();
    }
  }

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final List<Level> levels = new ArrayList<>();

  private int execute(Callable<Integer> body, String... args) {
    CommandLine tool = new CommandLine(new Root()).addSubcommand(new Run(body));
    tool.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    tool.setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));
    return CommandSetup.of(tool, levels::add).execute(args);
  }

  private static Integer fail(Exception e) throws Exception {
    throw e;
  }

  @Test
  void successIsSilent() {
    assertThat(execute(() -> 0, "run", "--seed", "3")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aCommandMayChooseItsOwnCode() {
    assertThat(execute(() -> ExitCode.FAILED.code(), "run")).isEqualTo(1);
  }

  @Test
  void errorsAreOneLineWithoutAStackTrace() {
    int code = execute(() -> fail(new NoSuchFileException("a.toml")), "run");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("error: a.toml: no such file");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theTypeOfTheErrorDecidesTheCode() {
    assertThat(execute(() -> fail(new DivergedException(7, "forget", "loss", Double.NaN)), "run"))
        .isEqualTo(4);
    assertThat(err.toString().lines())
        .containsExactly("error: diverged at step 7 (forget): loss is NaN");
  }

  @Test
  void stackTracesComeWhenAskedFor() {
    execute(() -> fail(new IllegalStateException("boom")), "run", "--stacktrace");
    assertThat(err.toString()).startsWith("error: boom").contains("at org.dualoptim");
    err.getBuffer().setLength(0);
    execute(() -> fail(new IllegalStateException("boom")), "run", "-v", "-v");
    assertThat(err.toString()).contains("at org.dualoptim");
    err.getBuffer().setLength(0);
    execute(() -> fail(new IllegalStateException("boom")), "run", "-v");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void aSharedOptionOnTheRootCountsForItsSubcommandOnlyWhereThatHasNone() {
    execute(() -> fail(new IllegalStateException("boom")), "--stacktrace", "run");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void errorsOfTheJvmAreSentencesToo() {
    int code =
        execute(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            },
            "run");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("out of memory");
  }

  @Test
  void aMistypedOptionIsAnsweredWithTheNearestOne() {
    assertThat(execute(() -> 0, "run", "--sed", "3")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'--sed'")
        .contains("did you mean --seed")
        .contains("Try 'tool run --help'");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearestOne() {
    assertThat(execute(() -> 0, "rum")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: there is no command 'rum'; did you mean run?");
  }

  @Test
  void aWrongValueNamesTheOption() {
    assertThat(execute(() -> 0, "run", "--seed", "three")).isEqualTo(2);
    assertThat(err.toString()).contains("--seed").contains("three");
  }

  @Test
  void verbositySetsTheLogLevelBeforeTheCommandRuns() {
    execute(() -> 0, "run");
    execute(() -> 0, "run", "-q");
    execute(() -> 0, "run", "-v");
    execute(() -> 0, "run", "-vv");
    assertThat(levels).containsExactly(Level.INFO, Level.WARN, Level.DEBUG, Level.TRACE);
  }

  @Test
  void quietAndVerboseTogetherAreAUsageError() {
    assertThat(execute(() -> 0, "run", "-q", "-v")).isEqualTo(2);
    assertThat(err.toString()).contains("exclude each other");
  }

  @Test
  void helpListsTheExitCodesOfEveryCommand() {
    assertThat(execute(() -> 0, "run", "--help")).isZero();
    assertThat(out.toString())
        .contains("Exit codes:")
        .contains("130")
        .contains("--json")
        .contains("--stacktrace");
    assertThat(out.toString()).doesNotContain("Default: []").doesNotContain("[=<");
  }

  @Test
  void versionNamesTheProgramAndTheJava() {
    assertThat(execute(() -> 0, "--version")).isZero();
    assertThat(out.toString())
        .startsWith("tool ")
        .contains("Java " + System.getProperty("java.version"));
  }
}
