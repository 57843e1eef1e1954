package org.dualoptim.eval.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.parity.ParityRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A case that cannot be computed is told which of its tensors or settings to mend. */
class EvalRefusalsTest {
  private static final HostTensor SCORE = HostTensor.scalar(0);
  private static final HostTensor TWO_ROWS = HostTensor.of(new float[] {1, 0, 0, 1}, 2, 2);
  private static final HostTensor TWO_CLASSES = HostTensor.of(new long[] {0, 1}, 2);

  @TempDir Path folder;

  @Test
  void logitsThatNoModelGaveAreNamed() throws IOException {
    assertThat(entropyMia("test", HostTensor.of(new float[] {1, 0, Float.NaN, 1}, 2, 2)))
        .isEqualTo("the case holds NaN in in/test at [1, 0]");
    assertThat(entropyMia("forget", HostTensor.of(new float[] {Float.POSITIVE_INFINITY, 0}, 1, 2)))
        .isEqualTo("case c: in/forget holds Infinity at [0, 0]");
    assertThat(entropyMia("retain", HostTensor.of(new float[0], 0, 2)))
        .isEqualTo("case c: in/retain must have a row and a column at least, got [0, 2]");
    assertThat(entropyMia("forget", HostTensor.of(new float[3], 1, 3)))
        .isEqualTo("case c: in/forget must have 2 columns like the rest, got 3");
    assertThat(entropyMia("test", HostTensor.of(new float[2], 2)))
        .isEqualTo("case c: in/test must have rank 2, got shape [2]");
    assertThat(entropyMia("test", HostTensor.of(new long[4], 2, 2)))
        .isEqualTo("case c: in/test must hold floats, got I64");
  }

  @Test
  void targetsThatAreNoClassesAreNamed() throws IOException {
    assertThat(svcMia(HostTensor.of(new long[] {0, 1L << 40}, 2)))
        .isEqualTo("case c: in/test_target holds 1099511627776 at [1], but there are 2 classes");
    assertThat(svcMia(HostTensor.of(new long[] {-1, 0}, 2)))
        .isEqualTo("case c: in/test_target holds -1 at [0], but there are 2 classes");
    assertThat(svcMia(HostTensor.of(new float[2], 2)))
        .isEqualTo("case c: in/test_target must hold integers, got F32");
    assertThat(svcMia(HostTensor.of(new long[3], 3)))
        .isEqualTo("case c: in/test_target must hold one class for each of 2 rows, got 3");
  }

  @Test
  void pairsThatAreNoTextsAreNamed() throws IOException {
    assertThat(run("rouge", "{}", Map.of()))
        .isEqualTo("case c: config 'pairs' must be a list of [target, prediction], got nothing");
    assertThat(run("rouge", "{\"pairs\": [[\"a\", 1]]}", Map.of()))
        .isEqualTo("case c: config 'pairs' must hold [target, prediction] texts, got [\"a\",1]");
  }

  private String entropyMia(String name, HostTensor tensor) throws IOException {
    Map<String, HostTensor> in = new LinkedHashMap<>();
    List.of("retain", "test", "forget").forEach(set -> in.put("in/" + set, TWO_ROWS));
    in.put("in/" + name, tensor);
    return run("mia-entropy", "{}", in);
  }

  private String svcMia(HostTensor testTarget) throws IOException {
    Map<String, HostTensor> in = new LinkedHashMap<>();
    for (String set : List.of("retain", "test", "forget")) {
      in.put("in/" + set, TWO_ROWS);
      in.put("in/" + set + "_target", TWO_CLASSES);
    }
    in.put("in/test_target", testTarget);
    return run("mia-svc", "{\"feature\": \"prob\"}", in);
  }

  private String run(String kind, String config, Map<String, HostTensor> in) throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(in);
    tensors.put("out/score", SCORE);
    Path file = folder.resolve("c.safetensors");
    Safetensors.write(
        file,
        tensors,
        Map.of(
            "format", ParityCase.FORMAT, "kind", kind, "config", config, "rtol", "0", "atol", "0"));
    Map<String, ParityKind> kinds =
        EvalKinds.all().stream().collect(Collectors.toMap(ParityKind::id, Function.identity()));
    return new ParityRunner(kinds)
        .run(List.of(file), Set.of(), result -> {})
        .get(0)
        .reason()
        .orElse("passed");
  }
}
