package org.dualoptim.core.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.dualoptim.core.io.AtomicFiles;

/**
 * {@code process.csv}: the metrics at evenly spaced steps of a run, a row each ({@code step} counts
 * finished steps). Rows that an earlier part of the run wrote are kept, so a resumed run ends with
 * the same file.
 */
public final class ProcessFile {
  private static final String NAME = "process.csv";

  private final Path folder;
  private final int points;
  private final Supplier<Map<String, Double>> measure;
  private final SortedMap<Integer, Map<String, Double>> rows = new TreeMap<>();

  /**
   * @param folder the trial's
   * @param points how many rows, the end included and the beginning not; 1 for the end only
   * @param measure values by metric id at the weights as they are; the same ids every time
   */
  public ProcessFile(Path folder, int points, Supplier<Map<String, Double>> measure)
      throws IOException {
    this.folder = folder;
    this.points = points;
    this.measure = measure;
    if (Files.exists(folder.resolve(NAME))) {
      rows.putAll(read(folder));
    }
  }

  /**
   * Where a run begins or goes on: measures if that is one of its points, unless an earlier part of
   * the run did.
   */
  void start(int done, int steps) {
    if (due(done, steps) && !rows.containsKey(done)) {
      measure(done);
    }
  }

  /** Measures if the run has come to one of its points, of which its end is the last. */
  void after(int done, int steps) {
    if (due(done, steps)) {
      measure(done);
    }
  }

  private boolean due(int done, int steps) {
    return done == 0
        ? points > 1
        : (long) done * points / steps > (long) (done - 1) * points / steps;
  }

  /** What was measured after so many steps. */
  Map<String, Double> row(int done) {
    return rows.get(done);
  }

  private void measure(int done) {
    rows.put(done, measure.get());
    List<String> lines = new ArrayList<>();
    lines.add("step," + String.join(",", rows.get(rows.firstKey()).keySet()));
    rows.forEach(
        (step, values) ->
            lines.add(
                step
                    + ","
                    + String.join(",", values.values().stream().map(Object::toString).toList())));
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
    Path file = folder.resolve(NAME);
    SortedMap<Integer, Map<String, Double>> rows = new TreeMap<>();
    try {
      List<String> lines = Files.readAllLines(file);
      String[] header = lines.get(0).split(",");
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",");
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 1; i < header.length; i++) {
          values.put(header[i], Double.parseDouble(cells[i]));
        }
        rows.put(Integer.parseInt(cells[0]), values);
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is missing", e);
    } catch (CharacterCodingException | NumberFormatException | IndexOutOfBoundsException e) {
      throw TrialStore.damaged(file, e);
    }
    return rows;
  }
}
