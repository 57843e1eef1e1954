package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.dualoptim.core.cli.NativeMemory.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeMemoryTest {

  @Test
  void theSwitchTurnsItOff() {
    NativeMemory memory = NativeMemory.keep(Map.of("DUALOPTIM_KEEP_MEMORY", "0"));
    assertThat(memory.state()).isEqualTo(State.LEFT_ALONE);
    assertThat(memory.reason()).contains("DUALOPTIM_KEEP_MEMORY=0");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void variablesOfTheEnvironmentAreRespected() {
    assertThat(NativeMemory.keep(Map.of("MALLOC_MMAP_MAX_", "0")).state()).isEqualTo(State.KEPT);
    assertThat(NativeMemory.keep(Map.of("MALLOC_MMAP_MAX_", "65536")).state())
        .isEqualTo(State.LEFT_ALONE);
    assertThat(NativeMemory.keep(Map.of("MALLOC_TOP_PAD_", "0")).state())
        .isEqualTo(State.LEFT_ALONE);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anotherAllocatorIsLeftAlone() {
    NativeMemory memory = NativeMemory.keep(Map.of("LD_PRELOAD", "/usr/lib/libjemalloc.so.2"));
    assertThat(memory.state()).isEqualTo(State.LEFT_ALONE);
    assertThat(memory.reason()).contains("libjemalloc.so.2");
  }

  @Test
  void itAlwaysAnswers() {
    assertThat(NativeMemory.keep(Map.of()).reason()).isNotBlank();
    assertThat(NativeMemory.keep(Map.of("DUALOPTIM_KEEP_MEMORY", "1")).reason()).isNotBlank();
  }
}
