package org.dualoptim.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualoptim.core.io.AtomicFiles;

/**
 * Trials on disk: one folder per trial below a root, named by the trial's id. A folder with a
 * {@code result.json} is finished: its own files are never written again, only the {@code
 * artefacts} that other trials keep beside its weights come later. One with a checkpoint was
 * interrupted; a lock keeps two processes from computing in one folder. The file {@code .lock}
 * stays where it is: only a lock on it counts, and a file that is removed and made anew could be
 * locked twice.
 *
 * @param root the folder of all trials
 */
public record TrialStore(Path root) {
  private static final String RESULT = "result.json";
  private static final String RECIPE = "recipe.json";
  private static final String LOCK = ".lock";

  /**
   * What this process has locked. It must not open such a file again: closing any channel of a file
   * gives up all the locks that the process has on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** How often a lock is tried that someone else may only be asking about. */
  private static final int TRIES = 5;

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public Path folder(Trial trial) {
    return root.resolve(trial.id());
  }

  /** The result of a trial that is finished. */
  public Optional<TrialResult> result(Trial trial) throws IOException {
    return read(folder(trial)).filter(result -> result.provenance().hash().equals(trial.hash()));
  }

  /** Whether the trial was interrupted and can be resumed. */
  public boolean interrupted(Trial trial) {
    return interrupted(folder(trial));
  }

  /** Whether the trial in a folder was interrupted and can be resumed. */
  public static boolean interrupted(Path folder) {
    return Files.exists(folder.resolve(TrialRun.CHECKPOINT))
        && !Files.exists(folder.resolve(RESULT));
  }

  /**
   * Whether a live process is computing the trial in a folder; a lock that a dead one left behind
   * does not count.
   */
  public static boolean locked(Path folder) throws IOException {
    Path file = lockOf(folder);
    synchronized (HELD) {
      return HELD.contains(file) || Files.exists(file) && lockedByOthers(file);
    }
  }

  private static boolean lockedByOthers(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return !tryLock(channel, true);
    } catch (NoSuchFileException e) { // given up in between
      return false;
    }
  }

  /** All results, by id. */
  public List<TrialResult> list() throws IOException {
    List<TrialResult> results = new ArrayList<>();
    for (Path folder : folders()) {
      read(folder).ifPresent(results::add);
    }
    return results;
  }

  /** All trial folders, finished or not, also those that lost their recipe, sorted. */
  public List<Path> folders() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(folder -> hasRecipe(folder) || Files.isRegularFile(folder.resolve(RESULT)))
          .sorted()
          .toList();
    }
  }

  /** The resolved recipe in a trial's folder. */
  public static ObjectNode recipe(Path folder) throws IOException {
    Path file = folder.resolve(RECIPE);
    try {
      if (JSON.readTree(file.toFile()) instanceof ObjectNode recipe) {
        return recipe;
      }
      throw new IOException("it holds no object");
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  /** Whether a trial's folder tells what was to be computed; one that does not is damaged. */
  public static boolean hasRecipe(Path folder) {
    return Files.exists(folder.resolve(RECIPE));
  }

  /**
   * The result in a folder, if there is one.
   *
   * @throws IOException in one sentence if it cannot be read, or lacks what every result has
   */
  public static Optional<TrialResult> read(Path folder) throws IOException {
    Path file = folder.resolve(RESULT);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode tree;
    TrialResult result;
    try {
      tree = JSON.readTree(file.toFile());
      result = JSON.treeToValue(tree, TrialResult.class);
    } catch (IOException e) {
      throw damaged(file, e);
    }
    String wrong = wrong(tree);
    if (!wrong.isEmpty()) {
      throw new IOException(damaged(file, null).getMessage() + " (" + wrong + ")");
    }
    return Optional.of(result.in(folder));
  }

  /** What keeps a file's content from being a result, or nothing. */
  private static String wrong(JsonNode tree) {
    List<String> missing =
        TrialResult.REQUIRED.stream().filter(place -> absent(tree.at(place))).toList();
    if (!missing.isEmpty()) {
      return "it lacks "
          + missing.stream()
              .map(place -> place.substring(1).replace('/', '.'))
              .collect(Collectors.joining(", "));
    }
    if (!TrialResult.STATUSES.contains(tree.path("status").asText())) {
      return "its status is " + tree.path("status");
    }
    return tree.path("metrics").properties().stream()
        .filter(metric -> absent(metric.getValue()))
        .map(metric -> "its metric " + metric.getKey() + " has no value")
        .findFirst()
        .orElse("");
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** The failure for a file of a trial's folder that cannot be understood. */
  static IOException damaged(Path file, Exception cause) {
    return new IOException(
        file
            + " is damaged; remove the folder "
            + file.getParent().getFileName()
            + " to compute the trial again",
        cause);
  }

  /** Results as JSON text. */
  public static String json(List<TrialResult> results) throws JsonProcessingException {
    return JSON.writeValueAsString(results);
  }

  /**
   * Writes what is to be computed, before it is, and removes what a killed process left
   * half-written; to be called under the trial's lock.
   */
  void begin(Trial trial) throws IOException {
    AtomicFiles.removeLeftovers(folder(trial));
    AtomicFiles.writeString(
        folder(trial).resolve(RECIPE), JSON.writeValueAsString(trial.resolved()) + "\n");
  }

  /** Writes a result and removes what only an unfinished trial needs. */
  void finish(Trial trial, TrialResult result) throws IOException {
    AtomicFiles.writeString(folder(trial).resolve(RESULT), JSON.writeValueAsString(result) + "\n");
    if (!result.diverged()) {
      Files.deleteIfExists(folder(trial).resolve(TrialRun.CHECKPOINT));
    }
  }

  /**
   * Removes what an interrupted run left, so that it starts over; to be called under the trial's
   * lock.
   */
  void clear(Trial trial) throws IOException {
    Path folder = folder(trial);
    delete(folder, path -> !path.equals(folder) && !path.equals(folder.resolve(LOCK)));
  }

  /**
   * Removes a trial's folder.
   *
   * @throws IOException if a live process is computing in it; then nothing is removed
   */
  public void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Closeable lock = lock(folder)) {
        delete(folder, path -> true);
      }
    }
  }

  private static void delete(Path folder, Predicate<Path> which) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(which).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Bytes of all files below a folder. */
  public static long size(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /**
   * Keeps other processes out of a trial's folder until closed.
   *
   * @throws IOException if one is in there already
   */
  Closeable lock(Trial trial) throws IOException {
    Files.createDirectories(folder(trial));
    return lock(folder(trial));
  }

  private Closeable lock(Path folder) throws IOException {
    Path file = lockOf(folder);
    synchronized (HELD) { // whoever asks meanwhile would give the lock up again
      if (!HELD.add(file)) {
        throw busy(folder);
      }
      FileChannel channel = null;
      try {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!taken(channel) || !Files.exists(file)) { // or its owner has just removed it
          throw busy(folder);
        }
      } catch (IOException | RuntimeException e) {
        release(file, channel);
        throw e;
      }
      FileChannel locked = channel;
      return () -> release(file, locked);
    }
  }

  private static void release(Path file, FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(file);
    }
  }

  private static boolean taken(FileChannel channel) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      if (tryLock(channel, false)) {
        return true;
      }
      LockSupport.parkNanos(20_000_000);
    }
    return false;
  }

  private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) { // held by other code of this process
      return false;
    }
  }

  private static Path lockOf(Path folder) {
    return folder.toAbsolutePath().normalize().resolve(LOCK);
  }

  /** What is said where a trial is being computed by someone else. */
  IOException busy(Path folder) {
    return new IOException(
        "another process is computing "
            + folder.getFileName()
            + " in "
            + root
            + "; wait for it, or choose another folder with --runs");
  }
}
