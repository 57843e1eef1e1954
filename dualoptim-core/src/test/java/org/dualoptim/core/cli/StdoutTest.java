package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class StdoutTest {

  private static Stdout printedTo(OutputStream stream) {
    Stdout stdout = new Stdout(stream);
    PrintWriter writer = new PrintWriter(stdout, true);
    writer.println("a table");
    writer.flush();
    return stdout;
  }

  private static OutputStream broken(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void whatAPrinterSwallowsIsRemembered() {
    assertThat(printedTo(broken("No space left on device")).failure())
        .hasValueSatisfying(e -> assertThat(e).hasMessage("No space left on device"));
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() {
    assertThat(printedTo(broken("Broken pipe")).failure()).isEmpty();
  }

  @Test
  void everythingElseGoesThrough() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(printedTo(bytes).failure()).isEmpty();
    assertThat(bytes.toString()).isEqualTo("a table" + System.lineSeparator());
  }
}
