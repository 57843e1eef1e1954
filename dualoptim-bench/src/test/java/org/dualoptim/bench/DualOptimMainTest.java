package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Module;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualoptim.core.cli.Interruption;
import org.dualoptim.core.cli.MainProcess;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.optim.Adam;
import org.dualoptim.core.optim.Optimizer;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  private static CommandLine with(Module outside) {
    NativeMemory memory = new NativeMemory(NativeMemory.State.LEFT_ALONE, "left to the test");
    return DualOptimMain.commandLine(
        new BenchModule(new MainProcess(memory, new Interruption(), level -> {})),
        level -> {},
        List.of(outside));
  }

  static Stream<Arguments> misfits() {
    Module twice = binder -> kind(binder, new Kind(Optimizer.class, "sgd", Adam.class));
    Module stranger = binder -> kind(binder, new Kind(Optimizer.class, "x", String.class));
    Module unbound = binder -> binder.bind(ParityKind.class);
    Module failing =
        binder -> {
          throw new IllegalStateException("no licence");
        };
    return Stream.of(
        Arguments.of(twice, "two types of Optimizer are called \"sgd\""),
        Arguments.of(
            stranger, "java.lang.String cannot be a kind of Optimizer: it does not implement it"),
        Arguments.of(
            unbound, "No implementation for org.dualoptim.core.parity.ParityKind was bound"),
        Arguments.of(failing, "no licence"));
  }

  private static void kind(Binder binder, Kind kind) {
    Multibinder.newSetBinder(binder, Kind.class).addBinding().toInstance(kind);
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void aModuleFromOutsideThatDoesNotFitIsAnsweredInOneSentence(Module outside, String reason) {
    assertThat(DualOptimMain.misfit(catchThrowable(() -> with(outside))))
        .isEqualTo(
            "a module on the class path does not fit: "
                + reason
                + "; correct it, or take its jar out of DUALOPTIM_CLASSPATH");
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
    CommandLine dualoptim = with(outside);
    StringWriter err = new StringWriter();
    dualoptim.setErr(new PrintWriter(err, true));
    dualoptim.setOut(new PrintWriter(new StringWriter()));
    dualoptim.execute("parity", "src/main/assembly", "--kind", "something");
    assertThat(err.toString()).contains("nothing");
  }
}
