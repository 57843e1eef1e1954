package org.dualoptim.core.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the shards that an index names; names come in the order of its {@code weight_map}. */
final class ShardedSafetensors {
  private static final long MAX_INDEX = 100_000_000;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path index;
  private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
  private final Map<String, TensorSource> shardOf = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private ShardedSafetensors(Path index) {
    this.index = index;
  }

  static TensorSource open(Path index) throws IOException {
    JsonNode json = read(index);
    ShardedSafetensors set = new ShardedSafetensors(index);
    try {
      set.fill(json);
      return new JoinedTensors(set.shards.values(), set.shardOf, set.metadata);
    } catch (IOException | RuntimeException e) {
      JoinedTensors.closeAll(set.shards.values());
      throw e;
    }
  }

  private static JsonNode read(Path index) throws IOException {
    try (FileBytes file = FileBytes.open(index)) {
      if (file.size() > MAX_INDEX) {
        throw new IOException(
            index + " is not a safetensors index: it has " + file.size() + " bytes");
      }
      return JSON.readTree(file.read(0, file.size()).array());
    } catch (JsonProcessingException malformed) {
      throw new IOException(
          index
              + " is damaged: it is not well-formed JSON ("
              + FileBytes.shown(malformed.getOriginalMessage())
              + ")",
          malformed);
    }
  }

  private void fill(JsonNode json) throws IOException {
    JsonNode weights = json.path("weight_map");
    if (!weights.isObject()) {
      throw new IOException(index + " is not a safetensors index: it has no weight_map");
    }
    for (Map.Entry<String, JsonNode> weight : weights.properties()) {
      SafetensorsFile shard = shard(weight.getValue());
      if (!shard.contains(weight.getKey())) {
        throw new IOException(
            index
                + " places "
                + FileBytes.shown(weight.getKey())
                + " in "
                + weight.getValue().textValue()
                + ", which does not hold it");
      }
      shardOf.put(weight.getKey(), shard);
    }
    for (Map.Entry<String, JsonNode> entry : json.path("metadata").properties()) {
      if (entry.getValue().isValueNode()) {
        metadata.put(entry.getKey(), entry.getValue().asText());
      }
    }
  }

  private SafetensorsFile shard(JsonNode value) throws IOException {
    String name = value.isTextual() ? value.textValue() : "";
    SafetensorsFile shard = shards.get(name);
    if (shard == null) {
      if (!FileBytes.isPlainName(name)) {
        throw new IOException(
            index
                + " names the shard '"
                + FileBytes.shown(name)
                + "'; a shard must be a file beside the index");
      }
      shard = Safetensors.open(index.resolveSibling(name));
      shards.put(name, shard);
    }
    return shard;
  }
}
