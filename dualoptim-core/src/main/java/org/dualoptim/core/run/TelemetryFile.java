package org.dualoptim.core.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.unlearn.StepRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code telemetry.csv}: a row a step, columns as in {@link StepRecord}, an empty cell where a
 * value was not taken.
 */
final class TelemetryFile implements AutoCloseable {
  static final String HEADER =
      "step,objective,time,lr_factor,loss,gradient_norm,applied_norm,cosine,update_norm,millis";

  private static final Logger LOG = LoggerFactory.getLogger(TelemetryFile.class);
  private static final Pattern ROW = Pattern.compile("([0-9]{1,18}),[a-z]+(,[-+.0-9A-Za-z]*){8}");

  private final BufferedWriter out;

  private TelemetryFile(BufferedWriter out) {
    this.out = out;
  }

  /**
   * Opens the file for rows from {@code step} on; rows of later steps, left by a run that was
   * killed, are dropped. Rows of earlier steps that are not there are told and not missed
   * otherwise.
   */
  static TelemetryFile continueAt(Path file, int step) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    lines.addAll(rowsBefore(step, file));
    int kept = lines.size() - 1;
    if (kept < step) {
      LOG.warn(
          "{} has lost {} of the first {} steps; plots will lack them", file, step - kept, step);
    }
    AtomicFiles.writeString(file, String.join("\n", lines) + "\n");
    return new TelemetryFile(Files.newBufferedWriter(file, StandardOpenOption.APPEND));
  }

  private static List<String> rowsBefore(int step, Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream() // takes any byte
        .filter(
            line -> {
              Matcher row = ROW.matcher(line);
              return row.matches() && Long.parseLong(row.group(1)) < step;
            })
        .toList();
  }

  void write(StepRecord r) {
    try {
      out.write(
          String.join(
              ",",
              Integer.toString(r.step()),
              r.objective().id(),
              cell(r.time()),
              cell(r.lrFactor()),
              cell(r.loss()),
              cell(r.gradientNorm()),
              cell(r.appliedNorm()),
              cell(r.cosine()),
              cell(r.updateNorm()),
              cell(r.millis())));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void flush() throws IOException {
    out.flush();
  }

  private static String cell(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
