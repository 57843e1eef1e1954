package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.cli.Interruption;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class DualOptimMainTest {
  private static final int WIDTH = 100;

  private final Shell shell = new Shell();

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(shell.run()).isEqualTo(2);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("run ", "recipes", "runs", "parity", "doctor", "Examples:");
  }

  @Test
  void aMistypedCommandIsAUsageErrorWithASuggestion() {
    assertThat(shell.run("receipes")).isEqualTo(2);
    assertThat(shell.err()).startsWith("error: ").contains("recipes");
  }

  @Test
  void everyCommandHelpsWithExamplesAndExitCodesInNarrowTerminals() {
    List<CommandLine> commands = new ArrayList<>();
    collect(Shell.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(10);
    for (CommandLine command : commands) {
      String name = command.getCommandSpec().qualifiedName();
      String usage = command.getUsageMessage();
      assertThat(usage).as(name).contains("Examples:", "  dualoptim ", "Exit codes:");
      assertThat(usage).as(name).containsPattern("(?m)^Usage: .*\\n(?: .*\\n)*\\n(?! *\\n)");
      assertThat(usage).as(name).doesNotContainPattern("(?s)--version.*--runs=");
      assertThat(usage.lines()).as(name).allMatch(line -> line.length() <= WIDTH);
      Object[] asked = (name.replaceFirst("dualoptim ", "") + " --help").split(" ");
      assertThat(shell.run(asked)).as(name).isZero();
      assertThat(shell.out()).as(name).isEqualTo(usage);
    }
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    for (CommandLine below : command.getSubcommands().values()) {
      if (!below.getCommandName().equals("help")) {
        into.add(below);
        collect(below, into);
      }
    }
  }

  @Test
  void onlyANameThatIsNearIsSuggested() {
    String unknown = "error: there is no command '%s'%s%nTry 'dualoptim --help'.%n";
    assertThat(shell.run("nope")).isEqualTo(2);
    assertThat(shell.err()).isEqualTo(unknown.formatted("nope", ""));
    assertThat(shell.run("help", "nope")).isEqualTo(2);
    assertThat(shell.err()).isEqualTo(unknown.formatted("nope", ""));
    assertThat(shell.run("rn")).isEqualTo(2);
    assertThat(shell.err()).isEqualTo(unknown.formatted("rn", "; did you mean run?"));
    assertThat(shell.run("help", "docter")).isEqualTo(2);
    assertThat(shell.err()).isEqualTo(unknown.formatted("docter", "; did you mean doctor?"));
    assertThat(shell.run("run", "--report-to=x")).isEqualTo(2);
    assertThat(shell.err()).doesNotContain("did you mean");
    assertThat(shell.run("run", "--reports=x")).isEqualTo(2);
    assertThat(shell.err()).contains("; did you mean --report?");
  }

  @Test
  void anEmptyPathIsRefusedByEveryOption() {
    List<CommandLine> commands = new ArrayList<>();
    collect(Shell.commandLine(), commands);
    List<String> refused = new ArrayList<>();
    for (CommandLine command : commands) {
      String name = command.getCommandSpec().qualifiedName().replaceFirst("dualoptim ", "");
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (option.type() == Path.class) {
          List<Object> line = new ArrayList<>(List.of(name.split(" ")));
          line.add(option.longestName() + "=");
          assertThat(shell.run(line.toArray())).as(line.toString()).isEqualTo(2);
          assertThat(shell.err())
              .startsWith("error: Invalid value for option '" + option.longestName() + "'")
              .contains("a path must not be empty");
          refused.add(name + " " + option.longestName());
        }
      }
    }
    assertThat(refused).contains("run --report", "run --runs", "run --data", "runs remove --runs");
  }

  @Test
  void versionNamesTheJava() {
    assertThat(shell.run("--version")).isZero();
    assertThat(shell.out()).startsWith("dualoptim").contains("Java ");
  }

  @Test
  void aModuleFromOutsideAddsItsParityKind() {
    record Nothing() implements ParityKind {
      @Override
      public String id() {
        return "nothing";
      }

      @Override
      public Map<String, HostTensor> compute(ParityCase c) {
        return Map.of();
      }
    }
    AbstractModule outside =
        new AbstractModule() {
          @Override
          protected void configure() {
            MapBinder.newMapBinder(binder(), String.class, ParityKind.class)
                .addBinding("nothing")
                .toInstance(new Nothing());
          }
        };
    NativeMemory memory = new NativeMemory(NativeMemory.State.LEFT_ALONE, "left to the test");
    CommandLine dualoptim =
        DualOptimMain.commandLine(
            new BenchModule(new MainProcess(memory, new Interruption(), level -> {})),
            level -> {},
            List.of(outside));
    StringWriter err = new StringWriter();
    dualoptim.setErr(new PrintWriter(err, true));
    dualoptim.setOut(new PrintWriter(new StringWriter()));
    dualoptim.execute("parity", "src/main/assembly", "--kind", "something");
    assertThat(err.toString()).contains("nothing");
  }
}
