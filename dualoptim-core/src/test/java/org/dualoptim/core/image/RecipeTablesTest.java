package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Guice;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.recipe.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of a recipe's {@code [data]}, with the keys that a person writes. */
class RecipeTablesTest {
  private static final Tables TABLES =
      Guice.createInjector(new CoreModule()).getInstance(Tables.class);

  private static JsonNode json(String table) throws JsonProcessingException {
    return new ObjectMapper().readTree(table.replace('\'', '"'));
  }

  private static <T> T read(String table, Class<T> type) throws JsonProcessingException {
    return TABLES.read(json(table), type, "data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kind':'shapes','seed':1,'count_train':4000,'count_test':1000,'size':16,'label_noise':0.08,'clutter':0.6}",
        "{'kind':'cifar10'}",
        "{'kind':'cifar100'}",
        "{'kind':'image-folder','folder':'pets','image_size':64}"
      })
  void sourcesAreWrittenAsTheyAreRead(String table) throws JsonProcessingException {
    assertThat(TABLES.write(read(table, ImageSource.class))).hasToString(json(table).toString());
  }

  @Test
  void imagesThatOutgrowAnArrayAreRefused() {
    assertThatThrownBy(() -> new ImageFolder("pets", 100_000))
        .hasMessage("image_size must be in 1..16384, got 100000");
  }

  @Test
  void augmentationsAndSplitsAreReadByTheirNames() throws JsonProcessingException {
    assertThat(read("{'kind':'pad-crop-flip','pad':4,'flip':0.5}", Augmentation.class))
        .isEqualTo(new Augmentation.PadCropFlip(4, 0.5));
    assertThat(read("{'kind':'none'}", Augmentation.class)).isEqualTo(new Augmentation.None());
    assertThat(
            read(
                "{'kind':'as-published','validation_fraction':0.1,'forget_count':4500}",
                SplitSpec.class))
        .isEqualTo(new SplitSpec(SplitSpec.Kind.AS_PUBLISHED, 0.1, 4500, null));
    assertThatThrownBy(() -> read("{'kind':'imagenet'}", ImageSource.class))
        .isInstanceOf(RecipeException.class)
        .hasMessage(
            "data.kind: unknown kind \"imagenet\"; known: cifar10, cifar100, image-folder, shapes");
  }
}
