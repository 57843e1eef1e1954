package org.dualoptim.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.dualoptim.core.parity.ParityResult;
import org.dualoptim.core.parity.ParityRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataKindsTest {
  private final ParityRunner runner =
      new ParityRunner(Map.of("split", new SplitKind(), "torch-mt19937", new TorchMt19937Kind()));

  @TempDir Path folder;

  // NumPy 1.24: RandomState(7).choice(10, 4, replace=False)
  @Test
  void aSplitIsComparedInDrawOrder() throws IOException {
    assertThat(run("split", "{'n': 10, 'k': 4, 'seed': 7}", "indices", 8, 5, 0, 2).passed())
        .isTrue();
    assertThat(run("split", "{'n': 10, 'k': 4, 'seed': 8}", "indices", 8, 5, 0, 2).passed())
        .isFalse();
  }

  // torch.manual_seed(2**40 + 1), (2**64 - 1) and (-1): only the low 32 bits count
  @Test
  void torchSeedsMayBeWide() throws IOException {
    assertThat(words("1099511627777", 1791095845L, 4282876139L).passed()).isTrue();
    assertThat(words("18446744073709551615", 419326371L, 479346978L).passed()).isTrue();
    assertThat(words("-1", 419326371L, 479346978L).passed()).isTrue();
  }

  @Test
  void aSeedThatTorchRefusesIsRefused() throws IOException {
    assertThat(words("18446744073709551616", 0).reason())
        .contains(
            "case c: config 'seed' must be an integer of at most 64 bits, got 18446744073709551616");
    assertThat(words("1.5", 0).reason())
        .contains("case c: config 'seed' must be an integer of at most 64 bits, got 1.5");
  }

  private ParityResult words(String seed, long... want) throws IOException {
    return run(
        "torch-mt19937", "{'seed': " + seed + ", 'count': " + want.length + "}", "words", want);
  }

  @Test
  void aConfigThatLacksOrExaggeratesIsOneSentence() throws IOException {
    assertThat(run("split", "{'n': 10, 'seed': 7}", "indices", 0).reason())
        .contains("case c: config 'k' must be an integer from 0 to 10, got nothing");
    assertThat(run("split", "{'n': 9999999999, 'k': 1, 'seed': 7}", "indices", 0).reason())
        .contains("case c: config 'n' must be an integer from 0 to 100000000, got 9999999999");
    assertThat(run("torch-mt19937", "{'seed': 0, 'count': 'many'}", "words", 0).reason())
        .contains("case c: config 'count' must be an integer from 0 to 10000000, got \"many\"");
  }

  private ParityResult run(String kind, String config, String output, long... want)
      throws IOException {
    String header =
        "{\"__metadata__\": {\"format\": \"dualoptim-parity/1\", \"kind\": \"%s\", \"config\": \"%s\", \"rtol\": \"0\", \"atol\": \"0\"}, \"out/%s\": {\"dtype\": \"I64\", \"shape\": [%d], \"data_offsets\": [0, %d]}}"
            .formatted(kind, config.replace("'", "\\\""), output, want.length, 8 * want.length);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + 8 * want.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    LongStream.of(want).forEach(file::putLong);
    Path path = Files.write(folder.resolve("c.safetensors"), file.array());
    return runner.run(List.of(path), Set.of(), result -> {}).get(0);
  }
}
