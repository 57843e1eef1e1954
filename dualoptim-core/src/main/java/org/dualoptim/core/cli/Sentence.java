package org.dualoptim.core.cli;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import ai.djl.engine.EngineException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.run.DataMissingException;
import org.dualoptim.core.run.InterruptedRunException;
import org.dualoptim.core.unlearn.DivergedException;
import picocli.CommandLine;

/**
 * An exception as one sentence for the person at the terminal: what is wrong and, where known, what
 * to do.
 */
public final class Sentence {
  private static final int LONGEST = 600;
  private static final String OPERATOR_ERROR = "RuntimeError: ";

  /** How the engine's allocators for CPU and CUDA complain. */
  private static final Pattern ALLOCATION =
      Pattern.compile("memory.*?tried to allocate ([0-9.]+) ?(bytes|[KMGT]iB)", CASE_INSENSITIVE);

  private Sentence() {}

  /** One line, without a final full stop, at most {@value #LONGEST} characters. */
  public static String of(Throwable thrown) {
    List<Throwable> chain = Causes.of(thrown);
    for (Throwable t : chain) {
      if (isOurs(t)) {
        return oneLine(t.getMessage());
      }
    }
    Throwable told = chain.stream().filter(t -> !isWrapper(t)).findFirst().orElse(thrown);
    if (told instanceof IOException) {
      return oneLine(ofIo((IOException) told));
    }
    Matcher allocation = ALLOCATION.matcher(String.valueOf(told.getMessage()));
    if (allocation.find()) {
      return "out of memory: the engine asked for "
          + amount(allocation.group(1), allocation.group(2))
          + " at once; use a smaller batch, smaller images or a smaller network, or close other programs";
    }
    if (told instanceof EngineException && told.getCause() != null) {
      return oneLine(
          firstLine(told).orElse("the engine failed")
              + ": "
              + of(told.getCause())
              + "; `dualoptim doctor` says what it needs");
    }
    if (told instanceof OutOfMemoryError) {
      return "out of memory ("
          + firstLine(told).orElse("unknown area")
          + "); give Java more with -Xmx, or use a smaller batch";
    }
    if (told instanceof InterruptedException) {
      return "interrupted";
    }
    if (told instanceof UnsatisfiedLinkError || told instanceof NoClassDefFoundError) {
      return oneLine(
          "a library could not be loaded: "
              + firstLine(told).orElse(told.getClass().getSimpleName()));
    }
    if (isMistake(told)) {
      return oneLine(
          "internal error, please report it with --stacktrace: "
              + told.getClass().getSimpleName()
              + firstLine(told).map(m -> ": " + m).orElse(""));
    }
    return oneLine(firstLine(told).orElse(told.getClass().getSimpleName()));
  }

  private static String amount(String number, String unit) {
    return unit.equals("bytes")
        ? String.format(Locale.ROOT, "%.1f GiB", Double.parseDouble(number) / (1 << 30))
        : number + " " + unit;
  }

  private static boolean isOurs(Throwable t) {
    return t instanceof RecipeException
        || t instanceof DataMissingException
        || t instanceof DivergedException
        || t instanceof InterruptedRunException
        || t instanceof CommandLine.ParameterException;
  }

  /** Exceptions whose own message only repeats their cause. */
  private static boolean isWrapper(Throwable t) {
    return t.getCause() != null
        && (t instanceof UncheckedIOException
            || t instanceof ExecutionException
            || t instanceof CompletionException
            || t instanceof InvocationTargetException
            || t instanceof ExceptionInInitializerError
            || t instanceof CommandLine.ExecutionException
            || t.getMessage() == null
            || t.getMessage().equals(t.getCause().toString()));
  }

  /** What only a mistake in the code throws: the message alone would mean nothing to its reader. */
  private static boolean isMistake(Throwable t) {
    return t instanceof NullPointerException
        || t instanceof ClassCastException
        || t instanceof IndexOutOfBoundsException
        || t instanceof ArrayStoreException
        || t instanceof NegativeArraySizeException
        || t instanceof Error;
  }

  private static String ofIo(IOException e) {
    if (e instanceof FileSystemException) {
      FileSystemException f = (FileSystemException) e;
      String file = f.getFile() == null ? "a file" : f.getFile();
      if (f.getOtherFile() != null) {
        file += " -> " + f.getOtherFile();
      }
      return file + ": " + reasonOf(f);
    }
    String message = firstLine(e).orElse("");
    if (AtomicFiles.saysDiskFull(message)) {
      return "disk full: " + message;
    }
    if (e instanceof FileNotFoundException) {
      return message.isEmpty() ? "no such file" : message;
    }
    if (e instanceof UnknownHostException) {
      return message + ": host not found; check the network, or work offline with local files";
    }
    if (e instanceof EOFException) {
      return message.isEmpty() ? "a file ends too early; it may be truncated" : message;
    }
    if (e instanceof CharacterCodingException) {
      return "a file is not UTF-8 text" + (message.isEmpty() ? "" : " (" + message + ")");
    }
    return message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private static String reasonOf(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "already exists";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (e instanceof NotDirectoryException) {
      return "not a folder";
    }
    String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    return AtomicFiles.saysDiskFull(reason) ? "disk full" : reason;
  }

  /**
   * Native libraries put a stack trace into the message; its first line is the message, or below
   * TorchScript's own trace the one that names the operator's error.
   */
  private static Optional<String> firstLine(Throwable t) {
    List<String> lines =
        String.valueOf(t.getMessage()).lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(line -> line.startsWith(OPERATOR_ERROR))
        .map(line -> line.substring(OPERATOR_ERROR.length()))
        .findFirst()
        .or(() -> t.getMessage() == null ? Optional.empty() : lines.stream().findFirst());
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    if (line.endsWith(".") && !line.endsWith("..")) {
      line = line.substring(0, line.length() - 1);
    }
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
