package org.dualoptim.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads what {@code torch.save} writes ({@code .pth}, {@code .pt}, {@code .th}, {@code .bin}), in
 * both its formats. A pickle is a program that Python would run; here it is read as data, and one
 * that asks for anything but tensors and plain containers is refused. Entries of nested
 * dictionaries and lists are named by the keys on the way, joined with dots: {@code
 * state_dict.module.conv1.weight}; {@link TensorSource#metadata} has the numbers and texts, such as
 * {@code best_prec1}.
 */
public final class TorchPickle {
  private static final List<String> SUFFIXES = List.of(".pt", ".pth", ".th");
  private static final int ZIP = 0x04034b50;
  private static final int PROTOCOL_INSTRUCTION = 0x80;

  private TorchPickle() {}

  /**
   * Opens a checkpoint, reads its structure and checks every view against its storage and every
   * storage against the file.
   *
   * @return the tensors, in C order whatever their strides in the file; the caller closes it
   * @throws IOException in one sentence that names the file, if it is no checkpoint, is damaged, or
   *     asks for code
   */
  public static TensorSource open(Path file) throws IOException {
    ByteBuffer start = start(file);
    if (isZip(start)) {
      return ZipCheckpoint.open(file);
    }
    if (isPickle(start)) {
      return LegacyCheckpoint.open(file);
    }
    throw noCheckpoint(file);
  }

  /** The failure for a file that is in neither of the two formats. */
  static IOException noCheckpoint(Path file) {
    return new IOException(file + " is not a PyTorch checkpoint: it is neither a zip nor a pickle");
  }

  /** Whether a file's name says that torch.save wrote it; what it holds decides how it is read. */
  static boolean isNamedLikeOne(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /**
   * Whether a file can only be a zip or a pickle; a safetensors header may happen to begin with the
   * same byte.
   */
  static boolean isPickleOrZip(Path file) throws IOException {
    ByteBuffer start = start(file);
    boolean safetensors =
        start.remaining() >= Long.BYTES && SafetensorsHeader.isPlausibleLength(start.getLong(0));
    return !safetensors && (isZip(start) || isPickle(start));
  }

  private static ByteBuffer start(Path path) throws IOException {
    try (FileBytes file = FileBytes.open(path)) {
      return file.read(0, Math.min(Long.BYTES, file.size()));
    }
  }

  private static boolean isZip(ByteBuffer start) {
    return start.remaining() >= Integer.BYTES && start.getInt(0) == ZIP;
  }

  private static boolean isPickle(ByteBuffer start) {
    return start.hasRemaining() && (start.get(0) & 0xff) == PROTOCOL_INSTRUCTION;
  }
}
