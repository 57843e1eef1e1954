package org.dualoptim.core.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recipe tables as records and back. Keys are the record's components in snake_case. A key that the
 * record does not have is an error; so is a missing one, unless its component is boxed ({@code
 * Double}, {@code Integer}, {@code Boolean}, ...) or annotated {@link MayBeAbsent}: then the record
 * receives null. Numbers are not read from strings, nor integers from fractions. What a record's
 * constructor refuses is reported under the key that its message begins with.
 */
public final class Tables {
  private final Set<Kind> kinds;
  private final JsonMapper mapper;

  /**
   * @param kinds the vocabulary of all modules
   * @throws IllegalArgumentException if two types of one family claim the same id
   */
  @Inject
  public Tables(Set<Kind> kinds) {
    this.kinds = Set.copyOf(kinds);
    Set<List<Object>> seen = new HashSet<>();
    for (Kind kind : kinds) {
      if (!seen.add(List.of(kind.family(), kind.id()))) {
        throw new IllegalArgumentException(
            "two types of " + kind.family().getSimpleName() + " are called \"" + kind.id() + "\"");
      }
    }
    this.mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .annotationIntrospector(new RequiredKeys())
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                LogicalType.Textual,
                config ->
                    config
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Enum,
                config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    kinds.forEach(kind -> mapper.registerSubtypes(new NamedType(kind.type(), kind.id())));
  }

  /** The names of a family's kinds, sorted. */
  public List<String> known(Class<?> family) {
    return kinds.stream().filter(kind -> kind.family() == family).map(Kind::id).sorted().toList();
  }

  /** Whether a family has a kind of that name. */
  public boolean knows(Class<?> family, String id) {
    return kinds.stream().anyMatch(kind -> kind.family() == family && kind.id().equals(id));
  }

  /**
   * Reads a table.
   *
   * @param type a record, or a family whose kind the table names
   * @param where the dotted path of the table, for example {@code optimizer}, which begins every
   *     message
   * @throws RecipeException in one sentence that names the key, what is wrong with it and what
   *     would be right
   */
  public <T> T read(JsonNode table, Class<T> type, String where) {
    if (table == null || table.isMissingNode() || table.isNull()) {
      throw new RecipeException(where + " is missing");
    }
    try {
      return mapper.treeToValue(table, type);
    } catch (JsonProcessingException unreadable) {
      String sentence = new TableError(mapper, table, where).sentence(unreadable);
      throw new RecipeException(sentence.replaceFirst("^[.:] *", ""), unreadable);
    }
  }

  /** The table that would be read as this record; components that are null are left out. */
  public JsonNode write(Object record) {
    return mapper.valueToTree(record);
  }
}
