package org.dualoptim.core.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.dualoptim.core.io.AtomicFiles;
import org.dualoptim.core.unlearn.StepRecord;

/**
 * {@code telemetry.csv}: a row a step, columns as in {@link StepRecord}, an empty cell where a
 * value was not taken.
 */
final class TelemetryFile implements AutoCloseable {
  static final String HEADER =
      "step,objective,time,lr_factor,loss,gradient_norm,applied_norm,cosine,update_norm,millis";

  private final BufferedWriter out;

  private TelemetryFile(BufferedWriter out) {
    this.out = out;
  }

  /**
   * Opens the file for rows from {@code step} on; rows of later steps, left by a run that was
   * killed, are dropped.
   */
  static TelemetryFile continueAt(Path file, int step) throws IOException {
    List<String> kept = new ArrayList<>(List.of(HEADER));
    if (step > 0 && Files.exists(file)) {
      try {
        Files.readAllLines(file).stream()
            .skip(1)
            .filter(
                line -> line.indexOf(',') > 0 && line.chars().filter(c -> c == ',').count() == 9)
            .filter(line -> Integer.parseInt(line.substring(0, line.indexOf(','))) < step)
            .forEach(kept::add);
      } catch (CharacterCodingException | NumberFormatException e) {
        throw new IOException(file + " is damaged; add --fresh to start the trial over", e);
      }
    }
    AtomicFiles.writeString(file, String.join("\n", kept) + "\n");
    return new TelemetryFile(Files.newBufferedWriter(file, StandardOpenOption.APPEND));
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
