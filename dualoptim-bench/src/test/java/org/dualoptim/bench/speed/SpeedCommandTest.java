package org.dualoptim.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.inject.Guice;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.cli.NativeMemory;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.eval.EvalModule;
import org.dualoptim.vision.VisionModule;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SpeedCommandTest {
  private static final Tables TABLES =
      Guice.createInjector(new CoreModule(), new EvalModule(), new VisionModule())
          .getInstance(Tables.class);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int speed(String... arguments) {
    NativeMemory memory = new NativeMemory(NativeMemory.State.KEPT, "kept for the test");
    return new CommandLine(new SpeedCommand(TABLES, memory))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void everyWidthIsTimedWithAndWithoutTelemetryAndTheFixedCostComesLast() throws Exception {
    int threads = TorchOps.threads();
    assertThat(
            speed(
                "--width",
                "2,3",
                "--batch",
                "4",
                "--size",
                "8",
                "--rounds",
                "2",
                "--warm-up",
                "1",
                "--quiet",
                "--json"))
        .isZero();
    JsonNode all = JsonMapper.builder().build().readTree(out.toString());
    assertThat(all.at("/allocator").asText()).isEqualTo("kept for the test");
    assertThat(all.at("/rows").findValuesAsText("width")).containsExactly("2", "2", "3", "3", "4");
    assertThat(all.at("/rows").findValuesAsText("telemetry"))
        .containsExactly("false", "true", "false", "true", "false");
    for (JsonNode row : all.at("/rows")) {
      assertThat(row.at("/rounds_step_ms")).hasSize(2);
      assertThat(row.at("/step_ms").asDouble()).isPositive();
      assertThat(row.at("/cycle_ms").asDouble()).isEqualTo(6 * row.at("/step_ms").asDouble());
    }
    JsonNode last = all.at("/rows/4");
    assertThat(last.at("/engine_alone_ms").asDouble())
        .isPositive()
        .isLessThan(1.5 * last.at("/step_ms").asDouble());
    assertThat(TorchOps.threads()).as("threads after the row that runs on one").isEqualTo(threads);
  }

  @Test
  void theTableStatesWhatItWasMeasuredWith() {
    assertThat(
            speed(
                "--width",
                "2",
                "--batch",
                "4",
                "--size",
                "8",
                "--rounds",
                "1",
                "--warm-up",
                "1",
                "--no-telemetry",
                "--quiet"))
        .isZero();
    assertThat(out.toString())
        .contains(
            "width 2 ", "width 4 [1]", " thread", "PyTorch", "kept for the test", "the fixed cost")
        .containsPattern("least\\s+of\\s+1\\s+round\\s+of\\s+1\\s+cycle;")
        .doesNotContain("telemetry");
  }

  @Test
  void aNumberThatCannotBeMeasuredIsAUsageError() {
    assertThat(speed("--rounds", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--rounds must be in 1..1000000, got 0");
    assertThat(speed("--width", "16,99999")).isEqualTo(2);
    assertThat(err.toString()).contains("--width must be in 1..512, got 99999");
    assertThat(speed("--width", ",")).isEqualTo(2);
    assertThat(err.toString()).contains("--width must name at least one number of channels");
    assertThat(speed("--batch", "100000", "--size", "100000")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "two batches of 100000 images of 3x100000x100000 do not fit 2 GiB; choose a smaller --batch or --size");
    assertThat(speed("llm")).isEqualTo(2);
    assertThat(err.toString()).contains("DOMAIN must be vision, got llm");
  }
}
