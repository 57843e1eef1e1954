package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryFileTest {
  @TempDir Path folder;

  private static String row(int step) {
    return step + ",retain,0.0,1.0,2.5,Infinity,,,1.0E-4,3.0";
  }

  private List<String> continued(Path file, int step) throws IOException {
    try (Warnings warnings = Warnings.of(TelemetryFile.class)) {
      TelemetryFile.continueAt(file, step).close();
      return warnings.texts();
    }
  }

  @Test
  void rowsFromTheCheckpointOnAreDropped() throws IOException {
    Path file = folder.resolve("telemetry.csv");
    Files.write(file, List.of(TelemetryFile.HEADER, row(0), row(1), row(2)));
    assertThat(continued(file, 2)).isEmpty();
    assertThat(Files.readAllLines(file)).containsExactly(TelemetryFile.HEADER, row(0), row(1));
  }

  @Test
  void rowsThatAreLostAreToldAndTheRunGoesOn() throws IOException {
    Path file = folder.resolve("telemetry.csv");
    Files.write(file, List.of(TelemetryFile.HEADER, row(0), row(1), "2,ret", "\0\1"));
    assertThat(continued(file, 4))
        .containsExactly(file + " has lost 2 of the first 4 steps; plots will lack them");
    Files.write(file, new byte[] {(byte) 0xff, 1});
    assertThat(continued(file, 4)).hasSize(1);
    Files.delete(file);
    assertThat(continued(file, 4)).hasSize(1);
    assertThat(Files.readAllLines(file)).containsExactly(TelemetryFile.HEADER);
  }
}
