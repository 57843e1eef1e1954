package org.dualoptim.core.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The bytes of one or more pickles, in order, with a known end: a length is checked against what is
 * left before it is believed.
 */
final class PickleInput {
  /** Names and shapes of a checkpoint fit many times over; tensors do not stand in the pickle. */
  static final long MAX_BYTES = 64L << 20;

  private static final int MAX_LINE = 1024;

  private final Path file;
  private final InputStream in;
  private final long limit;
  private long position;

  /**
   * @param file named in failures
   * @param in at the first byte; should be buffered
   * @param size the bytes that {@code in} holds; a pickle that goes on beyond {@link #MAX_BYTES} is
   *     refused
   */
  PickleInput(Path file, InputStream in, long size) {
    this.file = file;
    this.in = in;
    this.limit = Math.min(size, MAX_BYTES);
  }

  /** How many bytes have been taken. */
  long position() {
    return position;
  }

  /** One byte, 0 to 255. */
  int u1() throws IOException {
    claim(1);
    int value = in.read();
    if (value < 0) {
      throw cutShort();
    }
    return value;
  }

  int u2() throws IOException {
    return littleEndian(2).getShort() & 0xffff;
  }

  int i4() throws IOException {
    return littleEndian(4).getInt();
  }

  long u4() throws IOException {
    return littleEndian(4).getInt() & 0xffff_ffffL;
  }

  long i8() throws IOException {
    return littleEndian(8).getLong();
  }

  /** A double in big-endian order, the one number that pickle writes so. */
  double bigEndianDouble() throws IOException {
    return ByteBuffer.wrap(bytes(8)).getDouble();
  }

  private ByteBuffer littleEndian(int count) throws IOException {
    return ByteBuffer.wrap(bytes(count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Exactly that many bytes. */
  byte[] bytes(long count) throws IOException {
    claim(count);
    byte[] bytes = in.readNBytes((int) count);
    if (bytes.length < count) {
      throw cutShort();
    }
    return bytes;
  }

  String text(long count) throws IOException {
    return new String(bytes(count), StandardCharsets.UTF_8);
  }

  /** Text up to a line feed, which is taken too. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = u1(); c != '\n'; c = u1()) {
      if (line.length() == MAX_LINE) {
        throw damaged("its pickle holds a name of more than " + MAX_LINE + " characters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  /** Checks that a frame of that length could follow. */
  void checkAvailable(long count) throws IOException {
    if (count < 0 || count > limit - position) {
      throw cutShort();
    }
  }

  private void claim(long count) throws IOException {
    checkAvailable(count);
    position += count;
  }

  private IOException cutShort() {
    return damaged("its pickle ends in the middle, or is larger than 64 MiB");
  }

  /** The failure for content that is well-formed but not wanted. */
  IOException refused(String reason) {
    return new IOException(file + " is refused: " + FileBytes.shown(reason));
  }

  IOException damaged(String reason) {
    return FileBytes.damaged(file, reason);
  }
}
