package org.dualoptim.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file read at positions, never beyond the size it had when opened, with failures that name it.
 * Positioned reads rather than a mapping: a file that shrinks under a mapping kills the JVM.
 */
final class FileBytes implements AutoCloseable {
  /**
   * The largest piece handed to a channel at once: the JDK copies heap buffers through direct
   * memory of that size and keeps it.
   */
  static final int CHUNK = 1 << 20;

  private static final int MAX_SHOWN = 300;

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private FileBytes(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  static FileBytes open(Path file) throws IOException {
    requireFile(file);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (AccessDeniedException denied) {
      throw new IOException(file + " cannot be read: permission denied", denied);
    }
    try {
      return new FileBytes(file, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static void requireFile(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is not a file");
    }
  }

  /**
   * Whether a name found in a file is that of one entry of a folder: it leads neither into another
   * folder nor out of this one.
   */
  static boolean isPlainName(String name) {
    return !name.isBlank()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars()
            .noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  /**
   * Reads exactly that range into a new little-endian buffer. The range is checked before anything
   * is allocated.
   */
  ByteBuffer read(long begin, long length) throws IOException {
    if (begin < 0 || length < 0 || begin > size - length) {
      throw damaged("it ends before byte " + (length < 0 ? begin : begin + length));
    }
    requireOneBuffer(file, length);
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (bytes.position() < length) {
        bytes.limit((int) Math.min(length, bytes.position() + (long) CHUNK));
        if (channel.read(bytes, begin + bytes.position()) < 0) {
          throw damaged("it has been cut short since it was opened");
        }
      }
    } catch (ClosedChannelException closed) {
      throw new IOException(file + " was closed while it was being read", closed);
    }
    return bytes.flip();
  }

  /** Fails for a tensor that one buffer cannot hold. */
  static void requireOneBuffer(Path file, long length) throws IOException {
    if (length > Shapes.MAX_BYTES) {
      throw new IOException(
          file + " holds a tensor of " + length + " bytes; one tensor must be smaller than 2 GiB");
    }
  }

  /** The failure for content that breaks its format, worded as {@code FILE is damaged: REASON}. */
  IOException damaged(String reason) {
    return damaged(file, reason);
  }

  /** As {@link #damaged(String)}, for a file that is read in another way. */
  static IOException damaged(Path file, String reason) {
    return new IOException(file + " is damaged: " + shown(reason));
  }

  /** Text out of a file, fit for one line of a terminal. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
