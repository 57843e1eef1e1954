package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
  @TempDir Path root;
  private Path index;

  @BeforeEach
  void writeShards() throws IOException {
    Path folder = Files.createDirectory(root.resolve("model"));
    index = folder.resolve("model.safetensors.index.json");
    Safetensors.write(
        folder.resolve("one.safetensors"),
        Map.of("a", HostTensor.scalar(1), "left", HostTensor.scalar(0)),
        Map.of());
    Safetensors.write(
        folder.resolve("two.safetensors"),
        Map.of("b", HostTensor.scalar(2), "c", HostTensor.scalar(3)),
        Map.of());
    Safetensors.write(
        root.resolve("outside.safetensors"), Map.of("b", HostTensor.scalar(9)), Map.of());
  }

  @Test
  void shardsReadAsOne() throws IOException {
    Files.writeString(
        index,
        """
        {"metadata": {"total_size": 12},
         "weight_map": {"c": "two.safetensors", "a": "one.safetensors", "b": "two.safetensors"}}""");

    try (TensorSource source = TensorSource.open(index)) {
      assertThat(source.names()).containsExactly("c", "a", "b");
      assertThat(source.tensor("b").floats()).containsExactly(2);
      assertThat(source.dtype("a")).isEqualTo(DType.F32);
      assertThat(source.metadata()).containsExactly(Map.entry("total_size", "12"));
      assertThatThrownBy(() -> source.shape("left"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("'left'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.safetensors",
        "/etc/passwd",
        "..",
        ".",
        "",
        "a\\\\b",
        "c:x",
        "x\\u0000y",
        "a\\n/\\n/b"
      })
  void aShardNeverLeavesTheFolderOfItsIndex(String shard) throws IOException {
    Files.writeString(index, "{\"weight_map\": {\"b\": \"" + shard + "\"}}");

    assertThatThrownBy(() -> Safetensors.openSharded(index))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a shard must be a file beside the index")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aDamagedIndexIsRefusedInOneSentence() throws IOException {
    assertRefused(
        "{\"weight_map\": {\"a\": \"two.safetensors\"}}",
        "places a in two.safetensors, which does not hold it");
    assertRefused("{\"weight_map\": {\"a\": 7}}", "a shard must be a file beside the index");
    assertRefused(
        "{\"weight_map\": {\"a\": \"gone.safetensors\"}}", "gone.safetensors does not exist");
    assertRefused(
        "{\"weight_map\": {\"a\": \"one.safetensors\", \"a\": \"one.safetensors\"}}", "Duplicate");
    assertRefused("{\"weight_map\": {}} trailing", "well-formed");
    assertRefused("{\"weight_map\": ", "well-formed");
    assertRefused("{}", "has no weight_map");
    assertRefused("", "has no weight_map");
  }

  private void assertRefused(String json, String reason) throws IOException {
    Files.writeString(index, json);
    assertThatThrownBy(() -> Safetensors.openSharded(index))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }
}
