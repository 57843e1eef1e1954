package org.dualoptim.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.dualoptim.core.cli.NativeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineCheckTest {
  @TempDir Path folder;

  private Finding threads(Map<String, String> environment) {
    NativeMemory memory = new NativeMemory(NativeMemory.State.LEFT_ALONE, "left to the test");
    return new MachineCheck(environment, memory, Optional.empty(), folder)
        .run().stream()
            .filter(finding -> finding.topic().equals("threads"))
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "abc", "-1", ""})
  void aNumberOfThreadsThatTheEngineIgnoresIsTold(String value) {
    assertThat(threads(Map.of("OMP_NUM_THREADS", value)).advice())
        .contains("must be a whole number >= 1");
  }

  @Test
  void aListOfThreadsByLevelIsFine() {
    assertThat(String.valueOf(threads(Map.of("OMP_NUM_THREADS", "2,1")).advice()))
        .doesNotContain("whole number");
  }
}
