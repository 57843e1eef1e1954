package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.parity.ParityCase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityCommandTest {
  /** The first word of MT19937 for its usual seed 5489, from the C++ standard's example engine. */
  private static final long FIRST_WORD = 3499211612L;

  @TempDir Path folder;
  private final Shell shell = new Shell();

  @BeforeEach
  void cases() throws IOException {
    write("right", "torch-mt19937", FIRST_WORD);
    write("wrong", "torch-mt19937", FIRST_WORD + 1);
    write("stranger", "no-such-kind", FIRST_WORD);
  }

  private void write(String name, String kind, long word) throws IOException {
    Safetensors.write(
        folder.resolve(name + ".safetensors"),
        Map.of("out/words", HostTensor.of(new long[] {word}, 1)),
        Map.of(
            "format", ParityCase.FORMAT,
            "kind", kind,
            "config", "{\"seed\": 5489, \"count\": 1}",
            "rtol", "0",
            "atol", "0"));
  }

  @Test
  void aCaseThatComesOutTheSamePasses() {
    assertThat(shell.run("parity", folder.resolve("right.safetensors"))).isZero();
    assertThat(shell.out()).contains("PASS  torch-mt19937").endsWith("1 passed, 0 failed\n");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void oneFailureFailsTheCommandButNotTheOtherCases() {
    assertThat(shell.run("parity", folder)).isEqualTo(1);
    assertThat(shell.out()).contains("PASS", "unknown kind 'no-such-kind'", "want 3499211613");
    assertThat(shell.out()).endsWith("1 passed, 2 failed\n");
  }

  @Test
  void casesOfOneNameAreToldApartByTheirFolders() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    write("a/b/right", "torch-mt19937", FIRST_WORD);
    shell.run("parity", folder);
    assertThat(shell.out())
        .contains("PASS  torch-mt19937   right  ")
        .contains("PASS  torch-mt19937   a/b/right  ");
  }

  @Test
  void severalKindsMayBeAskedFor() {
    shell.run("parity", folder, "--kind", "torch-mt19937", "--kind", "clip");
    assertThat(shell.out()).endsWith("1 passed, 1 failed\n");
    shell.run("parity", folder, "--kind", "torch-mt19937", "--kind", "no-such-kind");
    assertThat(shell.out()).endsWith("1 passed, 2 failed\n");
  }

  @Test
  void nothingToRunIsAFailure() throws IOException {
    assertThat(shell.run("parity", folder, "--kind", "opptimizer")).isEqualTo(1);
    assertThat(shell.out()).isEqualTo("0 passed, 0 failed\n");
    assertThat(shell.err()).contains("no parity case of kind opptimizer", "known kinds", "clip");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(shell.run("parity", empty)).isEqualTo(1);
    assertThat(shell.err()).contains("no parity case (*.safetensors) in " + empty);
  }

  @Test
  void jsonIsAllThereIsOnStdout() throws IOException {
    assertThat(shell.run("parity", "--json", folder)).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(shell.out());
    assertThat(report.get("passed").asInt()).isEqualTo(1);
    assertThat(report.get("failed").asInt()).isEqualTo(2);
  }
}
