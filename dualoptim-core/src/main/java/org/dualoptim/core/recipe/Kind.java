package org.dualoptim.core.recipe;

/**
 * One entry of the recipe vocabulary: a table of {@code family} that says {@code kind = "id"} is
 * read as {@code type}. Modules contribute theirs to a Guice {@code Multibinder<Kind>}.
 *
 * @param family the interface whose tables are meant, annotated with {@code @JsonTypeInfo(use =
 *     NAME, property = "kind")}
 * @param id the value of the key {@code kind}
 * @param type a record that implements the family; its components are the table's keys
 */
public record Kind(Class<?> family, String id, Class<?> type) {

  public Kind {
    if (!family.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          type.getName()
              + " cannot be a kind of "
              + family.getSimpleName()
              + ": it does not implement it");
    }
  }
}
