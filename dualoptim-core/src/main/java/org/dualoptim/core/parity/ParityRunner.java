package org.dualoptim.core.parity;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.recipe.RecipeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recomputes parity cases, one after the other. Whatever goes wrong with a case is that case's
 * result and leaves the others alone.
 */
public final class ParityRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ParityRunner.class);
  private static final String UNKNOWN_KIND = "?";
  private static final String ENGINE_ERROR = "RuntimeError: ";

  private final Map<String, ParityKind> kinds;

  /**
   * @param kinds by their ids
   */
  @Inject
  public ParityRunner(Map<String, ParityKind> kinds) {
    this.kinds = Map.copyOf(kinds);
  }

  /**
   * Runs cases in order: files as given, folders through all levels sorted by path; a file that is
   * named twice runs once.
   *
   * @param filesOrFolders of a folder, the files that end in {@code .safetensors}; a path that does
   *     not exist is a failed case
   * @param wanted run only cases of these kinds, of all if empty; files whose kind cannot be read
   *     still fail
   * @param listener told each result as soon as it is there
   * @return all results, in order
   */
  public List<ParityResult> run(
      List<Path> filesOrFolders, Set<String> wanted, Consumer<ParityResult> listener) {
    List<ParityResult> results = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path path : filesOrFolders) {
      for (Path file : files(path)) {
        if (seen.add(file.toAbsolutePath().normalize())) {
          run(file, wanted)
              .map(result -> file.equals(path) ? result : result.within(path))
              .ifPresent(
                  result -> {
                    results.add(result);
                    listener.accept(result);
                  });
        }
      }
    }
    return results;
  }

  /** The ids of the kinds that can be recomputed here, sorted. */
  public List<String> kinds() {
    return kinds.keySet().stream().sorted().toList();
  }

  /** A folder that cannot be walked stands for itself and fails as a case. */
  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> walk = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(
              file -> file.toString().endsWith(".safetensors") && !Files.isDirectory(file))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException unreadable) {
      LOG.debug("cannot walk {}", path, unreadable);
      return List.of(path);
    }
  }

  private Optional<ParityResult> run(Path file, Set<String> wanted) {
    Optional<ParityCase> parityCase;
    try {
      parityCase = ParityCase.readIf(file, wanted);
    } catch (IOException | RuntimeException | OutOfMemoryError unreadable) {
      return Optional.of(ParityResult.failure(UNKNOWN_KIND, file, 0, sentence(unreadable)));
    }
    return parityCase.map(c -> run(file, c));
  }

  private ParityResult run(Path file, ParityCase c) {
    ParityKind kind = kinds.get(c.kind());
    if (kind == null) {
      return ParityResult.failure(
          c.kind(), file, 0, "unknown kind '" + c.kind() + "'; known are " + kinds());
    }
    if (c.wanted().isEmpty()) {
      return ParityResult.failure(
          c.kind(), file, 0, "the case has no out/ tensor, so there is nothing to compare");
    }
    Optional<String> nan = c.firstNaN();
    if (nan.isPresent()) {
      return ParityResult.failure(c.kind(), file, 0, "the case holds NaN in " + nan.get());
    }
    long start = System.nanoTime();
    try {
      Map<String, HostTensor> outputs = kind.compute(c);
      return compare(file, c, outputs, millisSince(start));
    } catch (InternalError | UnknownError broken) {
      throw broken;
    } catch (Throwable failed) { // a case too large for the memory too: the next one may fit
      if (failed instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.debug("case {} failed", c.name(), failed);
      return ParityResult.failure(c.kind(), file, millisSince(start), sentence(failed));
    }
  }

  private static ParityResult compare(
      Path file, ParityCase c, Map<String, HostTensor> outputs, double millis) {
    Comparison comparison = new Comparison();
    for (String name : c.wanted()) {
      HostTensor got = outputs.get(name);
      HostTensor want = c.want(name);
      if (got == null) {
        return ParityResult.failure(c.kind(), file, millis, "output " + name + " was not computed");
      }
      if (!Arrays.equals(got.shape(), want.shape())) {
        return ParityResult.failure(
            c.kind(),
            file,
            millis,
            "output "
                + name
                + " has shape "
                + Arrays.toString(got.shape())
                + ", want "
                + Arrays.toString(want.shape()));
      }
      comparison.add(name, got, want, c.atol(name), c.rtol());
    }
    Optional<String> failure = comparison.failure();
    return new ParityResult(
        c.kind(),
        c.name(),
        failure.isEmpty(),
        comparison.maxAbs(),
        comparison.maxRel(),
        comparison.limit(),
        millis,
        failure,
        file);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * The line of a message that says what is wrong: the first, or, where the engine puts a trace of
   * the op before it, the one that begins with {@value #ENGINE_ERROR}.
   */
  private static String sentence(Throwable failed) {
    String message = failed.getMessage() == null ? "" : failed.getMessage().strip();
    String line =
        message
            .lines()
            .filter(candidate -> candidate.startsWith(ENGINE_ERROR))
            .map(candidate -> candidate.substring(ENGINE_ERROR.length()))
            .findFirst()
            .or(() -> message.lines().findFirst())
            .orElse("");
    if (failed instanceof IOException
        || failed instanceof ParityException
        || failed instanceof RecipeException
        || failed instanceof IllegalArgumentException) {
      return line.isEmpty() ? failed.getClass().getSimpleName() : line;
    }
    if (failed instanceof OutOfMemoryError) {
      return "out of memory" + (line.isEmpty() ? "" : " (" + line + ")");
    }
    return failed.getClass().getSimpleName() + (line.isEmpty() ? "" : ": " + line);
  }
}
