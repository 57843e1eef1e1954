package org.dualoptim.core.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The stream that results go to. It remembers what could not be written, which print streams and
 * writers swallow: a run whose table is nowhere to be seen has not succeeded.
 */
final class Stdout extends FilterOutputStream {
  /** What the system says when a reader such as {@code head} has seen enough. */
  private static final String READER_LEFT = "Broken pipe";

  private IOException failure;

  Stdout(OutputStream stream) {
    super(stream);
  }

  /** Why results were lost, if they were and someone still wants them. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure).filter(e -> !READER_LEFT.equals(e.getMessage()));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
