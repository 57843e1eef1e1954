package org.dualoptim.core.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Jackson found wrong with a table, as a sentence that begins with the dotted path of the key.
 *
 * @param table what was read
 * @param where the path of the table itself
 */
record TableError(JsonMapper mapper, JsonNode table, String where) {
  private static final Pattern FIRST_WORD =
      Pattern.compile("([A-Za-z0-9_]+)((?:\\[\\d+])*) (.*)", Pattern.DOTALL);

  String sentence(JsonProcessingException failure) {
    List<JsonMappingException.Reference> references =
        failure instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
    String path = path(references);
    JsonNode found = at(references);
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return unknownKey(path, mapper.constructType(unknown.getReferringClass()));
    }
    if (failure instanceof InvalidTypeIdException unknown) {
      return kindSentence(unknown, path, found);
    }
    if (failure instanceof ValueInstantiationException refused && refused.getCause() != null) {
      return refusal(String.valueOf(refused.getCause().getMessage()), refused.getType(), path);
    }
    if (found.isMissingNode()) {
      return misspelt(references).orElse(path + " is missing");
    }
    if (failure instanceof InvalidFormatException misnamed
        && misnamed.getTargetType().isEnum()
        && found.isObject()) {
      String known = names(misnamed.getTargetType()).collect(Collectors.joining(", "));
      return path + "." + misnamed.getValue() + ": unknown key; known keys: " + known;
    }
    if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return path + ": must be " + expected(mismatch.getTargetType()) + ", got " + found;
    }
    return path + ": " + failure.getOriginalMessage();
  }

  /** The dotted path of a key below {@link #where}, which is empty for a whole recipe. */
  private String path(List<JsonMappingException.Reference> references) {
    String path = where + references.stream().map(TableError::step).collect(Collectors.joining());
    return path.startsWith(".") ? path.substring(1) : path;
  }

  private static String step(JsonMappingException.Reference reference) {
    return reference.getFieldName() == null
        ? "[" + reference.getIndex() + "]"
        : "." + reference.getFieldName();
  }

  private JsonNode at(List<JsonMappingException.Reference> references) {
    JsonNode node = table;
    for (JsonMappingException.Reference reference : references) {
      node =
          reference.getFieldName() == null
              ? node.path(reference.getIndex())
              : node.path(reference.getFieldName());
    }
    return node == null ? MissingNode.getInstance() : node;
  }

  private String unknownKey(String path, JavaType type) {
    List<String> known = new ArrayList<>(keys(type));
    if (path.lastIndexOf('.') <= 0) {
      known.addAll(List.of("needs", "axes")); // a recipe's own, read before its table
    } else if (known.isEmpty()) {
      known.add("kind");
    }
    return path + ": unknown key; known keys: " + String.join(", ", known);
  }

  /**
   * Where a key is missing and another is unknown, the unknown one is probably the missing one
   * misspelt and the better thing to name.
   */
  private Optional<String> misspelt(List<JsonMappingException.Reference> references) {
    if (references.isEmpty()
        || !(references.get(references.size() - 1).getFrom() instanceof Class<?> type)) {
      return Optional.empty();
    }
    List<JsonMappingException.Reference> parent = references.subList(0, references.size() - 1);
    String path = path(parent);
    List<String> known = keys(mapper.constructType(type));
    return at(parent)
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(key -> !known.contains(key) && !key.equals("kind"))
        .findFirst()
        .map(key -> unknownKey(path + "." + key, mapper.constructType(type)));
  }

  /**
   * The path of a kind that is unknown ends at the table or, depending on Jackson's reader, at its
   * key {@code kind}.
   */
  private String kindSentence(InvalidTypeIdException unknown, String path, JsonNode found) {
    String known = "; known: " + String.join(", ", kinds(unknown.getBaseType()));
    String key = path.endsWith(".kind") ? path : path + ".kind";
    if (unknown.getTypeId() != null) {
      return key + ": unknown kind \"" + unknown.getTypeId() + "\"" + known;
    }
    return found.isObject()
        ? key + " is missing" + known
        : path + ": must be a table with a kind, got " + found + known;
  }

  /**
   * A constructor's message begins with the key it is about: a component of the refused type, or
   * the refused value's own key.
   */
  private String refusal(String message, JavaType type, String path) {
    Matcher words = FIRST_WORD.matcher(message);
    if (!words.matches()) {
      return path + ": " + message;
    }
    String key = words.group(1);
    String whole;
    if (path.endsWith("." + key)) {
      whole = path + words.group(2);
    } else if (type != null && keys(type).contains(key)) {
      whole = path + "." + key + words.group(2);
    } else {
      return path + ": " + message;
    }
    return whole + (words.group(3).startsWith("is missing") ? " " : ": ") + words.group(3);
  }

  private List<String> keys(JavaType type) {
    return mapper.getDeserializationConfig().introspect(type).findProperties().stream()
        .map(BeanPropertyDefinition::getName)
        .toList();
  }

  private List<String> kinds(JavaType family) {
    var config = mapper.getDeserializationConfig();
    Collection<NamedType> known =
        mapper
            .getSubtypeResolver()
            .collectAndResolveSubtypesByTypeId(
                config, AnnotatedClassResolver.resolveWithoutSuperTypes(config, family, config));
    return known.stream().filter(NamedType::hasName).map(NamedType::getName).sorted().toList();
  }

  /** The names of an enum's constants, as tables write them. */
  private Stream<String> names(Class<?> type) {
    return Stream.of(type.getEnumConstants())
        .map(constant -> mapper.valueToTree(constant).textValue());
  }

  private String expected(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + names(type).map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == String.class) {
      return "a text";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "a table";
  }
}
