package org.dualoptim.vision.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of a recipe's {@code [data]}, with the keys that a person writes. */
class RecipeTablesTest {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kind':'shapes','seed':1,'count_train':4000,'count_test':1000,'size':16,'label_noise':0.08,'clutter':0.6}",
        "{'kind':'cifar10'}",
        "{'kind':'cifar100'}",
        "{'kind':'image-folder','folder':'pets','image_size':64}"
      })
  void sourcesAreWrittenAsTheyAreRead(String table) throws JsonProcessingException {
    String json = table.replace('\'', '"');
    ImageSource source = MAPPER.readValue(json, ImageSource.class);
    assertThat(json).contains('"' + source.id() + '"');
    assertThat(MAPPER.readTree(MAPPER.writeValueAsString(source))).isEqualTo(MAPPER.readTree(json));
  }

  @Test
  void augmentationsAndSplitsAreReadByTheirNames() throws JsonProcessingException {
    assertThat(
            MAPPER.readValue(
                "{\"kind\":\"pad-crop-flip\",\"pad\":4,\"flip\":0.5}", Augmentation.class))
        .isEqualTo(new Augmentation.PadCropFlip(4, 0.5));
    assertThat(MAPPER.readValue("{\"kind\":\"none\"}", Augmentation.class))
        .isEqualTo(new Augmentation.None());
    assertThat(
            MAPPER.readValue(
                "{\"kind\":\"as-published\",\"validation_fraction\":0.1,\"forget_count\":4500}",
                SplitSpec.class))
        .isEqualTo(new SplitSpec(SplitSpec.Kind.AS_PUBLISHED, 0.1, 4500, null));
    assertThatThrownBy(() -> MAPPER.readValue("{\"kind\":\"imagenet\"}", ImageSource.class))
        .hasMessageContaining("imagenet");
  }
}
