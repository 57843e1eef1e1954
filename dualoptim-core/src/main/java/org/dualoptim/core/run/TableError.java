package org.dualoptim.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Collection;
import java.util.List;
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
  private static final Pattern MISSING = Pattern.compile("Missing required creator property '([^']+)'");
  private static final Pattern FIRST_WORD = Pattern.compile("([A-Za-z0-9_]+)((?:\\[\\d+])*) (.*)", Pattern.DOTALL);

  String sentence(JsonProcessingException failure) {
    List<JsonMappingException.Reference> references = failure instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
    String path = where + references.stream().map(TableError::step).collect(Collectors.joining());
    JsonNode found = at(references);
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return path + ": unknown key; known keys: " + String.join(", ", keys(mapper.constructType(unknown.getReferringClass())));
    }
    if (failure instanceof InvalidTypeIdException unknown) {
      return kindSentence(unknown, path, found);
    }
    if (failure instanceof ValueInstantiationException refused && refused.getCause() != null) {
      return refusal(String.valueOf(refused.getCause().getMessage()), refused.getType(), path);
    }
    Matcher missing = MISSING.matcher(String.valueOf(failure.getOriginalMessage()));
    if (missing.find()) {
      return path + "." + missing.group(1) + " is missing";
    }
    if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return found.isMissingNode() ? path + " is missing" : path + ": must be " + expected(mismatch.getTargetType()) + ", got " + found;
    }
    return path + ": " + failure.getOriginalMessage();
  }

  private static String step(JsonMappingException.Reference reference) {
    return reference.getFieldName() == null ? "[" + reference.getIndex() + "]" : "." + reference.getFieldName();
  }

  private JsonNode at(List<JsonMappingException.Reference> references) {
    JsonNode node = table;
    for (JsonMappingException.Reference reference : references) {
      node = reference.getFieldName() == null ? node.path(reference.getIndex()) : node.path(reference.getFieldName());
    }
    return node == null ? MissingNode.getInstance() : node;
  }

  /** The path of a kind that is unknown ends at the table or, depending on Jackson's reader, at its key {@code kind}. */
  private String kindSentence(InvalidTypeIdException unknown, String path, JsonNode found) {
    String known = "; known: " + String.join(", ", kinds(unknown.getBaseType()));
    String key = path.endsWith(".kind") ? path : path + ".kind";
    if (unknown.getTypeId() != null) {
      return key + ": unknown kind \"" + unknown.getTypeId() + "\"" + known;
    }
    return found.isObject() ? key + " is missing" + known : path + ": must be a table with a kind, got " + found + known;
  }

  /** A constructor's message begins with the key it is about: a component of the refused type, or the refused value's own key. */
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
    return mapper.getDeserializationConfig().introspect(type).findProperties().stream().map(BeanPropertyDefinition::getName).toList();
  }

  private List<String> kinds(JavaType family) {
    var config = mapper.getDeserializationConfig();
    Collection<NamedType> known =
        mapper
            .getSubtypeResolver()
            .collectAndResolveSubtypesByTypeId(config, AnnotatedClassResolver.resolveWithoutSuperTypes(config, family, config));
    return known.stream().filter(NamedType::hasName).map(NamedType::getName).sorted().toList();
  }

  private String expected(Class<?> type) {
    if (type.isEnum()) {
      Stream<String> names = Stream.of(type.getEnumConstants()).map(constant -> mapper.valueToTree(constant).toString());
      return "one of " + names.collect(Collectors.joining(", "));
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
