package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  @Test
  void aSoundMachineHasNoProblem() throws IOException {
    Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    assertThat(shell.run("doctor", "--data", folder, "--runs", folder.resolve("runs"))).isZero();
    assertThat(shell.out())
        .containsPattern("ok +engine +PyTorch 2")
        .containsPattern("ok +gradient ")
        .containsPattern("ok +allocator +freed tensors are left to the test")
        .contains("holds cifar-10-batches-bin", "0 trials")
        .doesNotContain("problem");
  }

  @Test
  void aProblemSaysWhatToDoAndFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(shell.run("doctor", "--json", "--data", folder.resolve("none"), "--runs", file))
        .isEqualTo(1);
    JsonNode findings = new ObjectMapper().readTree(shell.out());
    assertThat(findings)
        .filteredOn(finding -> finding.get("verdict").asText().equals("problem"))
        .extracting(finding -> finding.get("topic").asText())
        .containsExactly("data", "runs");
    assertThat(findings)
        .filteredOn(finding -> finding.get("verdict").asText().equals("problem"))
        .allMatch(finding -> !finding.get("advice").asText().isEmpty());
  }
}
