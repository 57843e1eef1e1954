package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
  @TempDir Path folder;

  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return CommandSetup.of(new CommandLine(new EvaluateCommand(Map.of())), level -> {})
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
