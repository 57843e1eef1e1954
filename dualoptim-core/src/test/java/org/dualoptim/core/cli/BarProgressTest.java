package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.dualoptim.core.run.Progress;
import org.junit.jupiter.api.Test;

class BarProgressTest {

  @Test
  void theBarShowsTitleCountAndNote() {
    var bytes = new ByteArrayOutputStream();
    try (Progress bar =
        new BarProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), 100)) {
      bar.at(1, "before begin");
      bar.begin("sfron", 300);
      bar.at(300, "loss 0.5");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("sfron").contains("300/300");
  }

  /** JLine would take SIGINT from the JVM as soon as it is asked for the terminal's width. */
  @Test
  void nothingOnTheClassPathTakesCtrlC() {
    assertThatThrownBy(() -> Class.forName("org.jline.terminal.TerminalBuilder"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aClosedFileDescriptorIsNotATerminal() {
    assertThat(Terminal.isTerminal(-1)).isFalse();
  }
}
