package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parity cases of optimizers, masks and schedules that cannot be computed say why. */
class RefusedCasesTest {
  private static final ParityRunner RUNNER =
      Guice.createInjector(new CoreModule()).getInstance(ParityRunner.class);
  private static final HostTensor FLOATS = HostTensor.of(new float[] {1, 2, 3}, 3);
  private static final HostTensor INTEGERS = HostTensor.of(new long[] {1, 2, 3}, 3);
  private static final String SGD = "'kind': 'sgd', 'lr': 1, 'momentum': 0, 'weight_decay': 0";

  @TempDir Path folder;

  private String verdict(String kind, String config, Object... namesAndTensors) throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      tensors.put((String) namesAndTensors[i], (HostTensor) namesAndTensors[i + 1]);
    }
    Map<String, String> metadata =
        Map.of(
            "format",
            ParityCase.FORMAT,
            "kind",
            kind,
            "config",
            config.replace('\'', '"'),
            "rtol",
            "0",
            "atol",
            "0");
    Path file = folder.resolve("c.safetensors");
    Safetensors.write(file, tensors, metadata);
    return RUNNER.run(List.of(file), Set.of(), result -> {}).get(0).reason().orElse("passed");
  }

  private String step(String table, HostTensor parameter, HostTensor gradient) throws IOException {
    return verdict(
        "optimizer",
        "{'optimizer': {" + table + "}, 'schedule': ['retain']}",
        "in/param/0",
        parameter,
        "in/grad/0/0",
        gradient,
        "out/param/0/0",
        HostTensor.of(new float[3], 3));
  }

  @Test
  void integersWhereNumbersBelongAreNamed() throws IOException {
    String must = " must hold floating-point numbers, but is I64";

    assertThat(step(SGD, FLOATS, FLOATS)).isEqualTo("passed");
    assertThat(step(SGD, INTEGERS, FLOATS)).isEqualTo("in/param/0" + must);
    assertThat(step(SGD, FLOATS, INTEGERS)).isEqualTo("in/grad/0/0" + must);
    assertThat(verdict("clip", "{'max_norm': 1}", "in/grad/0", INTEGERS, "out/norm", FLOATS))
        .isEqualTo("in/grad/0" + must);
    assertThat(verdict("newton-schulz", "{'steps': 5}", "in/x", INTEGERS, "out/y", FLOATS))
        .isEqualTo("in/x" + must);
  }

  @Test
  void anUnknownOptimizerIsToldAllThatThereAre() throws IOException {
    String known =
        "; known: adam, adamw, adamw-8bit, decoupled-adamw, dual, dual-adam-llm, dual-plus, groups, hybrid-adam-sgd, lion, muon, sgd, shared";

    assertThat(step("'kind': 'adamx', 'lr': 1", FLOATS, FLOATS))
        .isEqualTo("optimizer.kind: unknown kind \"adamx\"" + known);
    assertThat(step("'lr': 1", FLOATS, FLOATS)).isEqualTo("optimizer.kind is missing" + known);
  }

  @Test
  void aScheduleOfAnotherLengthIsRefusedBeforeItFillsTheMemory() throws IOException {
    assertThat(rates("'kind': 'cosine', 'total': 2147483647", ""))
        .isEqualTo("out/lr holds 3 rates, but the schedule has 2147483647");
    assertThat(rates("'kind': 'constant'", ", 'steps': 1000000000000"))
        .isEqualTo("out/lr holds 3 rates, but the schedule has 1000000000000");
    assertThat(rates("'kind': 'constant'", ""))
        .isEqualTo(
            "steps, or without it schedule.total, must be a whole number >= 1, but is missing");
    assertThat(rates("'kind': 'constant'", ", 'steps': 2.5"))
        .isEqualTo("steps, or without it schedule.total, must be a whole number >= 1, got 2.5");
  }

  private String rates(String schedule, String more) throws IOException {
    return verdict(
        "lr-schedule", "{'schedule': {" + schedule + "}, 'lr': 1" + more + "}", "out/lr", FLOATS);
  }

  @Test
  void nanThatAMasksThresholdWouldHideFails() throws IOException {
    HostTensor nan = HostTensor.of(new float[] {1, Float.NaN, 3}, 3);

    assertThat(
            verdict(
                "mask-fisher",
                "{'threshold': 1}",
                "in/forget/0",
                FLOATS,
                "in/retain/0",
                nan,
                "out/mask/0",
                HostTensor.of(new float[] {1, 0, 1}, 3)))
        .isEqualTo("the case holds NaN in in/retain/0 at [1]");
  }
}
