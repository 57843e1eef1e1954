package org.dualoptim.core.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code process.csv}: the metrics at evenly spaced steps of a run, a row each ({@code step} counts
 * finished steps); a metric that a step was not asked for is an empty cell. Rows that an earlier
 * part of the run wrote are kept, so a resumed run ends with the same file.
 */
public final class ProcessFile {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessFile.class);
  private static final String NAME = "process.csv";

  /** Measures a run. */
  @FunctionalInterface
  public interface Measure {

    /**
     * Called on the loop's thread, without a graph; must leave the run as it is.
     *
     * @param state where the run stands
     * @param last whether the run is at its end: measurements on the way may leave costly metrics
     *     out
     * @return values by metric id; one that is not finite ends the run as diverged
     */
    Map<String, Double> at(LoopState state, boolean last);
  }

  private final Path folder;
  private final int points;
  private final Measure measure;
  private final SortedMap<Integer, Map<String, Double>> rows = new TreeMap<>();

  /**
   * @param folder the trial's
   * @param points how many rows, the end included and the beginning not; 1 for the end only
   * @param measure what a row holds
   */
  public ProcessFile(Path folder, int points, Measure measure) throws IOException {
    this.folder = folder;
    this.points = points;
    this.measure = measure;
    if (Files.exists(folder.resolve(NAME))) {
      try {
        read(folder, rows);
      } catch (IOException e) {
        LOG.debug("{}", folder, e); // start tells which rows are not there
      }
    }
  }

  /**
   * Where a run begins or goes on: measures if that is one of its points, unless an earlier part of
   * the run did. Rows that it must have written and that are not there are told.
   */
  void start(LoopState state, int steps) {
    int done = state.cursor();
    long lost =
        IntStream.range(0, done)
            .filter(step -> due(step, steps) && !rows.containsKey(step))
            .count();
    if (lost > 0) {
      LOG.warn(
          "{} has lost {} of the rows before step {}; plots will lack them",
          folder.resolve(NAME),
          lost,
          done);
    }
    if (!rows.containsKey(done)) {
      after(state, steps);
    }
  }

  /** Measures if the run has come to one of its points, of which its end is the last. */
  void after(LoopState state, int steps) {
    int done = state.cursor();
    if (due(done, steps)) {
      Map<String, Double> row = measure.at(state, done == steps);
      row.forEach(ProcessFile::requireFinite);
      rows.put(done, row);
      write();
    }
  }

  private static void requireFinite(String id, double value) {
    if (!Double.isFinite(value)) {
      throw new NotFiniteException(id, value);
    }
  }

  private boolean due(int done, int steps) {
    if (done == steps) {
      return true;
    }
    return done == 0
        ? points > 1
        : (long) done * points / steps > (long) (done - 1) * points / steps;
  }

  /** What was measured after so many steps. */
  Map<String, Double> row(int done) {
    return rows.get(done);
  }

  private void write() {
    Set<String> ids = new LinkedHashSet<>();
    rows.values().forEach(values -> ids.addAll(values.keySet()));
    List<String> lines = new ArrayList<>();
    lines.add("step," + String.join(",", ids));
    rows.forEach(
        (step, values) ->
            lines.add(
                step
                    + ","
                    + ids.stream()
                        .map(id -> values.containsKey(id) ? values.get(id).toString() : "")
                        .collect(Collectors.joining(","))));
    try {
      AtomicFiles.writeString(folder.resolve(NAME), String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Metrics by finished steps.
   *
   * @param folder the trial's
   * @throws IOException if the file is not there or damaged
   */
  public static SortedMap<Integer, Map<String, Double>> read(Path folder) throws IOException {
    SortedMap<Integer, Map<String, Double>> rows = new TreeMap<>();
    read(folder, rows);
    return rows;
  }

  /** Puts all rows into {@code rows}, or those before the damage. */
  private static void read(Path folder, SortedMap<Integer, Map<String, Double>> rows)
      throws IOException {
    Path file = folder.resolve(NAME);
    try {
      String[] lines = Files.readString(file).split("\r?\n", -1);
      int whole = lines.length - 1; // what follows the last line's end is none
      String[] header = lines[0].split(",");
      for (int row = 1; row < whole; row++) {
        String[] cells = lines[row].split(",", -1);
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 1; i < header.length; i++) {
          if (!cells[i].isEmpty()) {
            values.put(header[i], Double.parseDouble(cells[i]));
          }
        }
        rows.put(Integer.parseInt(cells[0]), values);
      }
      if (whole == 0 || !lines[whole].isEmpty()) {
        throw TrialStore.damaged(file, null);
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is missing", e);
    } catch (CharacterCodingException | NumberFormatException | IndexOutOfBoundsException e) {
      throw TrialStore.damaged(file, e);
    }
  }
}
