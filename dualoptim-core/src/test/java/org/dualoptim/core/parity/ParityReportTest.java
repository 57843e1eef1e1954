package org.dualoptim.core.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParityReportTest {
  private static final ParityResult PASSED =
      new ParityResult(
          "clip",
          "clip-above",
          true,
          1.25e-7,
          3e-6,
          "atol 1.00e-07, rtol 1.00e-05",
          12.34,
          Optional.empty(),
          Path.of("clip-above.safetensors"));
  private static final ParityResult FAILED =
      ParityResult.failure(
          "cl\u001b[31mip", Path.of("x.safetensors"), 0, "output y was\nnot computed");

  @Test
  void aLineHoldsTheVerdictTheErrorsAndTheLimit() {
    assertThat(ParityReport.line(PASSED).split(" {2,}"))
        .containsExactly(
            "PASS",
            "clip",
            "clip-above",
            "1.25e-07",
            "3.00e-06",
            "(atol 1.00e-07, rtol 1.00e-05)",
            "12.3 ms");
  }

  @Test
  void aFailureStaysOnOneLineAndCannotPaintTheTerminal() {
    assertThat(ParityReport.line(FAILED).split(" {2,}"))
        .containsExactly(
            "FAIL", "cl?[31mip", "x", "-", "-", "(-)", "0.0 ms", "output y was?not computed");
  }

  @Test
  void theSummaryCounts() {
    assertThat(ParityReport.summary(List.of(PASSED, FAILED, PASSED)))
        .isEqualTo("2 passed, 1 failed");
    assertThat(ParityReport.summary(List.of())).isEqualTo("0 passed, 0 failed");
  }

  @Test
  void jsonHasNoNumberThatJsonDoesNotKnow() {
    String json = ParityReport.json(List.of(PASSED, FAILED)).toString();

    assertThat(json)
        .startsWith(
            "{\"passed\":1,\"failed\":1,\"cases\":[{\"kind\":\"clip\",\"name\":\"clip-above\",\"passed\":true,\"max_abs\":1.25E-7,")
        .contains("\"ms\":12.34,\"reason\":null,\"file\":\"clip-above.safetensors\"}")
        .contains("\"passed\":false,\"max_abs\":null,\"max_rel\":null,");
  }
}
