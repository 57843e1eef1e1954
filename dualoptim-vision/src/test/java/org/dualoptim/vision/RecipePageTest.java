package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.Kind;
import org.dualoptim.eval.EvalModule;
import org.junit.jupiter.api.Test;

/** {@code docs/recipes.md} names every kind that a recipe can, each with all its keys. */
class RecipePageTest {
  private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

  private static Set<Kind> kinds() {
    return Guice.createInjector(new CoreModule(), new EvalModule(), new VisionModule())
        .getInstance(Key.get(new TypeLiteral<Set<Kind>>() {}));
  }

  private static String key(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named != null && !named.value().isEmpty()
        ? named.value()
        : SNAKE_CASE.translate(component.getName());
  }

  @Test
  void everyKindHasARowWithAllItsKeys() throws IOException {
    List<String> rows = Files.readAllLines(Path.of("..", "docs", "recipes.md"));
    assertThat(kinds()).hasSizeGreaterThan(30);
    for (Kind kind : kinds()) {
      List<String> own =
          rows.stream().filter(row -> row.startsWith("| `" + kind.id() + "` |")).toList();
      assertThat(own).as("rows of %s", kind).hasSize(1);
      for (RecordComponent component : kind.type().getRecordComponents()) {
        assertThat(own.get(0)).contains("`" + key(component) + "`");
      }
    }
  }
}
