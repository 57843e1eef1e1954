package org.dualoptim.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One point of a recipe: what there is to compute, down to the last number. Its id is a hash of the
 * resolved recipe without its title, of the data it reads and of its parents' ids, so an equal id
 * means an equal result.
 *
 * @param recipe where it comes from
 * @param resolved the recipe's keys with this point's values
 * @param seed the trial's seed
 * @param data what identifies the data it reads, beyond the recipe: row counts and a digest
 * @param parents trials whose results it starts from, by role
 */
public record Trial(
    Recipe recipe, ObjectNode resolved, long seed, String data, Map<String, Trial> parents) {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  public Trial {
    parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
  }

  /** SHA-256 of the canonical form, in hex. */
  public String hash() {
    ObjectNode computed = resolved.deepCopy().without("title");
    Map<String, Object> identity = new TreeMap<>();
    identity.put("recipe", CANONICAL.convertValue(canonical(computed), TreeMap.class));
    identity.put("data", data);
    Map<String, String> ids = new TreeMap<>();
    parents.forEach((role, parent) -> ids.put(role, parent.hash()));
    identity.put("parents", ids);
    try {
      byte[] text = CANONICAL.writeValueAsString(identity).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a trial could not be hashed", e);
    }
  }

  /** The same tree with every number written one way: {@code 1e1} and {@code 10.0} are 10. */
  private static JsonNode canonical(JsonNode node) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return nodes.textNode(node.decimalValue().stripTrailingZeros().toString());
    }
    if (node instanceof ObjectNode table) {
      ObjectNode copy = nodes.objectNode();
      table.properties().forEach(e -> copy.set(e.getKey(), canonical(e.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode list) {
      ArrayNode copy = nodes.arrayNode();
      list.forEach(value -> copy.add(canonical(value)));
      return copy;
    }
    return node;
  }

  /** The trial's folder name: recipe, seed and the head of the hash. */
  public String id() {
    return recipe.shortName() + "-s" + seed + "-" + hash().substring(0, 10);
  }
}
