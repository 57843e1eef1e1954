package org.dualoptim.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * A value as JSON that is equal for equal values: keys sorted, and numbers as text in one form, so
 * that {@code 1e1}, {@code 10} and {@code 10.0} are the same.
 *
 * @param text the JSON
 */
record CanonicalJson(String text) {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  /** Of a tree, a record or a map. */
  static CanonicalJson of(Object value) {
    try {
      return new CanonicalJson(MAPPER.writeValueAsString(canonical(MAPPER.valueToTree(value))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value + " cannot be written as JSON", e);
    }
  }

  private static JsonNode canonical(JsonNode node) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return nodes.textNode(node.decimalValue().stripTrailingZeros().toString());
    }
    if (node instanceof ObjectNode table) {
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      table.properties().forEach(e -> sorted.put(e.getKey(), canonical(e.getValue())));
      return new ObjectNode(nodes, sorted);
    }
    if (node instanceof ArrayNode list) {
      ArrayNode copy = nodes.arrayNode();
      list.forEach(value -> copy.add(canonical(value)));
      return copy;
    }
    return node;
  }

  /** In hex. */
  String sha256() {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
