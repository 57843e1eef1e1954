package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import org.dualoptim.core.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  @Test
  void aTerminalOf80ColumnsLeavesTheBarTenOfThem() {
    var bytes = new ByteArrayOutputStream();
    try (Progress bar = new BarProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), 80)) {
      bar.begin("Pretrained on the split of seed 1 (seed 1)", 11400);
      bar.at(5700, "retain loss 2.3704");
    }
    String drawn = bytes.toString(StandardCharsets.UTF_8).strip();
    String last = drawn.substring(drawn.lastIndexOf('\r') + 1);
    assertThat(last).hasSizeLessThan(80).contains("Pretrained on the s…", "5700/11400");
    assertThat(last).containsPattern("[|\\[].{10,}[|\\]]");
  }

  /** JLine's terminal takes SIGINT from the JVM: Ctrl-C would end it without a checkpoint. */
  @Test
  @Timeout(30)
  void aBarOpensNoTerminalOfItsOwn() throws ReflectiveOperationException {
    Field opened =
        Class.forName("me.tongfei.progressbar.TerminalUtils").getDeclaredField("terminal");
    opened.setAccessible(true);
    var bytes = new ByteArrayOutputStream();
    try (Progress bar = new BarProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), 40)) {
      bar.begin("sfron", 300);
      while (bytes.size() == 0) {
        Thread.onSpinWait();
      }
      assertThat(opened.get(null)).isNull();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).strip().split("\r"))
        .allSatisfy(drawn -> assertThat(drawn).hasSizeLessThan(40));
  }

  @Test
  void aClosedFileDescriptorIsNotATerminal() {
    assertThat(Terminal.isTerminal(-1)).isFalse();
  }
}
