package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.core.run.ToyDomain;
import org.dualoptim.core.run.TrialStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return execute(new EvaluateCommand(Map.of("toy", new ToyDomain())), args);
  }

  private int execute(Object command, String... args) {
    return CommandSetup.of(new CommandLine(command), level -> {})
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private String error() {
    return err.toString().lines().findFirst().orElse("");
  }

  @Test
  void whatIsSetIsNotSilentlyIgnoredForATrial() throws IOException {
    Files.writeString(folder.resolve("recipe.json"), "{}");
    assertThat(execute(folder.toString(), "--set", "method.alpha=1")).isEqualTo(2);
    assertThat(error())
        .isEqualTo(
            "error: --set changes recipes, not the trial in "
                + folder
                + "; name its recipe and add --weights "
                + folder.resolve("weights.safetensors"));
  }

  @Test
  void aTrialIsMeasuredBesideItsReference() throws IOException {
    String text = Recipes.text("toy/pretrain").replace("width = 4", "width = 5");
    Path recipe =
        Files.writeString(
            folder.resolve("five.toml"), "needs = { reference = \"toy/pretrain\" }\n" + text);
    Path runs = folder.resolve("runs");
    Object run = new RunCommand(Map.of("toy", new ToyDomain()), List.of(), 1, new Interruption());
    assertThat(execute(run, recipe.toString(), "--runs", runs.toString(), "-q")).isZero();
    out.getBuffer().setLength(0);

    String five =
        new TrialStore(runs)
            .list().stream()
                .filter(result -> result.parents().containsKey("reference"))
                .findFirst()
                .orElseThrow()
                .folder()
                .toString();
    assertThat(execute(five)).isZero();
    assertThat(out.toString()).isEqualTo("Width     5.00    reference   4.00  how many numbers\n");
    out.getBuffer().setLength(0);
    assertThat(execute(five, "--json")).isZero();
    assertThat(out.toString()).contains("\"value\" : 5.0", "\"reference\" : 4.0");
    out.getBuffer().setLength(0);

    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(five));
    assertThat(execute(link + "/.")).isZero();
    assertThat(out.toString()).contains("reference   4.00");
  }

  @Test
  void aSmallNumberIsNotShownAsNone() {
    assertThat(EvaluateCommand.number(0)).isEqualTo("0.00");
    assertThat(EvaluateCommand.number(1.234e-5)).isEqualTo("1.2e-05");
    assertThat(EvaluateCommand.number(-0.004)).isEqualTo("-4.0e-03");
    assertThat(EvaluateCommand.number(0.005)).isEqualTo("0.01");
    assertThat(EvaluateCommand.number(94.614)).isEqualTo("94.61");
    assertThat(EvaluateCommand.number(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void aFolderWithoutATrialIsAMistakeOfTheCommandLine() {
    assertThat(execute(folder.toString())).isEqualTo(2);
    assertThat(error())
        .isEqualTo(
            "error: "
                + folder
                + " is no folder of a finished trial; name one, or add --weights FILE to a recipe");
  }

  @Test
  void anUnfinishedTrialHasNoWeights() throws IOException {
    Files.writeString(folder.resolve("recipe.json"), "{}");
    assertThat(execute(folder.toString())).isEqualTo(3);
    assertThat(error()).endsWith("the trial is not finished; run its recipe first");
  }
}
