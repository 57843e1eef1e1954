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

  private Finding finding(String topic, Map<String, String> environment) {
    NativeMemory memory = new NativeMemory(NativeMemory.State.LEFT_ALONE, "left to the test");
    return new MachineCheck(environment, memory, Optional.empty(), folder)
        .run().stream().filter(finding -> finding.topic().equals(topic)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "abc", "-1", ""})
  void aNumberOfThreadsThatTheEngineIgnoresIsTold(String value) {
    assertThat(finding("threads", Map.of("OMP_NUM_THREADS", value)).advice())
        .contains("must be a whole number >= 1");
  }

  @Test
  void anEmptyVariableNamesNoFolderOfData() {
    assertThat(finding("data", Map.of("DUALOPTIM_DATA", "")).text()).startsWith("no folder named");
    assertThat(finding("data", Map.of("DUALOPTIM_DATA", "/no/such")).text())
        .isEqualTo("/no/such is not a folder that can be read");
  }

  @Test
  void aListOfThreadsByLevelIsFine() {
    assertThat(String.valueOf(finding("threads", Map.of("OMP_NUM_THREADS", "2,1")).advice()))
        .doesNotContain("whole number");
  }
}
