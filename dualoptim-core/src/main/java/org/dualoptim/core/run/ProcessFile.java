package org.dualoptim.vision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualoptim.core.io.AtomicFiles;

/**
 * {@code process.csv}: the metrics at evenly spaced steps of a run, a row each ({@code step} counts
 * finished steps). Rows that an earlier part of the run wrote are kept, so a resumed run ends with
 * the same file.
 */
final class ProcessFile {
  private final Path file;
  private final int points;
  private final TreeMap<Integer, Map<String, Double>> rows = new TreeMap<>();

  ProcessFile(Path file, int points) throws IOException {
    this.file = file;
    this.points = points;
    if (Files.exists(file)) {
      rows.putAll(read(file));
    }
  }

  /**
   * Measures the starting weights, unless an earlier part of the run did or only the end is asked
   * for.
   */
  void before(Evaluation evaluation) {
    if (points > 1 && rows.isEmpty()) {
      rows.put(0, evaluation.measure());
      write();
    }
  }

  /** Measures if the run has come to one of its points; the last one is left to {@link #last}. */
  void after(int done, int steps, Evaluation evaluation) {
    boolean due = (long) done * points / steps > (long) (done - 1) * points / steps;
    if (due && done < steps) {
      rows.put(done, evaluation.measure());
      write();
    }
  }

  /** Measures at the end of the run. */
  Map<String, Double> last(Evaluation evaluation, int steps) {
    rows.put(steps, evaluation.measure());
    write();
    return rows.get(steps);
  }

  private void write() {
    List<String> lines = new ArrayList<>();
    lines.add("step," + String.join(",", rows.firstEntry().getValue().keySet()));
    rows.forEach(
        (step, values) ->
            lines.add(
                step
                    + ","
                    + String.join(",", values.values().stream().map(Object::toString).toList())));
    try {
      AtomicFiles.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Metrics by finished steps. */
  static TreeMap<Integer, Map<String, Double>> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] header = lines.get(0).split(",");
    TreeMap<Integer, Map<String, Double>> rows = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Map<String, Double> values = new LinkedHashMap<>();
      for (int i = 1; i < header.length; i++) {
        values.put(header[i], Double.parseDouble(cells[i]));
      }
      rows.put(Integer.parseInt(cells[0]), values);
    }
    return rows;
  }
}
