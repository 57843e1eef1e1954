package org.dualoptim.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes whole files or nothing: the content goes to {@code .name.tmp-<pid>-<n>} beside the target,
 * is forced to disk and then moved into place in one step, so a reader sees the earlier file or the
 * new one, and a crash leaves the earlier one.
 */
public final class AtomicFiles {
  /** Something that writes and may fail doing so. */
  @FunctionalInterface
  public interface IOConsumer<T> {
    void accept(T target) throws IOException;
  }

  /**
   * The channel must outlive its stream, to be forced to disk: JSON writers close what they write.
   */
  private static final class StayingOpen extends BufferedOutputStream {
    StayingOpen(OutputStream out) {
      super(out, 1 << 16);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private static final String MARK = ".tmp-";
  private static final Pattern TEMPORARY =
      Pattern.compile("\\..+" + Pattern.quote(MARK) + "\\d+-\\d+");

  private AtomicFiles() {}

  /**
   * Writes a file through a buffered stream, which the caller may close or leave open. Missing
   * parent folders are made.
   *
   * @throws IOException if writing fails; the temporary file is gone and an earlier file is
   *     untouched, as they are when {@code content} throws anything else
   */
  public static void write(Path target, IOConsumer<OutputStream> content) throws IOException {
    writeChannel(target, buffered(content));
  }

  private static IOConsumer<FileChannel> buffered(IOConsumer<OutputStream> content) {
    return channel -> {
      OutputStream out = new StayingOpen(Channels.newOutputStream(channel));
      content.accept(out);
      out.flush();
    };
  }

  /** Writes text as UTF-8; see {@link #write}. */
  public static void writeString(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes text as UTF-8 to a file that does not exist yet; see {@link #write}.
   *
   * @throws FileAlreadyExistsException if it does; it is untouched
   */
  public static void writeNewString(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeChannel(target, buffered(out -> out.write(bytes)), new CopyOption[0]);
  }

  /** As {@link #write}, for content that comes in large buffers. */
  static void writeChannel(Path target, IOConsumer<FileChannel> content) throws IOException {
    writeChannel(
        target, content, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void writeChannel(Path target, IOConsumer<FileChannel> content, CopyOption... how)
      throws IOException {
    Path file = target.toAbsolutePath();
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException(target + " is a folder, so no file can be written there");
    }
    Path temporary;
    try {
      if (!Files.isDirectory(folder)) { // which may be a link: createDirectories refuses those
        Files.createDirectories(folder);
      }
      temporary = reserve(folder, file.getFileName().toString());
    } catch (FileSystemException refused) {
      throw new IOException("cannot write " + target + ": " + reason(refused), refused);
    }
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        content.accept(channel);
        channel.force(true);
      } catch (IOException e) {
        throw e.getMessage() != null && saysDiskFull(e.getMessage()) ? named(target, e) : e;
      }
      Files.move(temporary, file, how);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Deletes what killed processes left half-written in a folder, but not in folders below; for a
   * caller who knows that nobody is writing there.
   */
  public static void removeLeftovers(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(AtomicFiles::isTemporary).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isTemporary(Path file) {
    return TEMPORARY.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
  }

  /** Whether a system's message means that there is no room left. */
  public static boolean saysDiskFull(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains("no space left")
        || text.contains("not enough space")
        || text.contains("quota exceeded");
  }

  /** The system's refusal with the file that it does not name. */
  private static IOException named(Path target, IOException refusal) {
    IOException named = new FileSystemException(target.toString(), null, refusal.getMessage());
    named.initCause(refusal);
    return named;
  }

  private static String reason(FileSystemException refused) {
    if (refused instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (refused instanceof FileAlreadyExistsException) {
      return refused.getFile() + " is a file, not a folder";
    }
    return refused.getReason() == null ? refused.getClass().getSimpleName() : refused.getReason();
  }

  private static Path reserve(Path folder, String name) throws IOException {
    String prefix = "." + name + MARK + ProcessHandle.current().pid() + "-";
    for (int n = 0; ; n++) {
      try {
        return Files.createFile(folder.resolve(prefix + n));
      } catch (FileAlreadyExistsException taken) {
        // another thread writes the same file: take the next number
      }
    }
  }
}
