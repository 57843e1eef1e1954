package org.dualoptim.core.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipesTest {
  private static final String HEAD = "domain = \"toy\"\ntitle = \"T\"\n";

  @TempDir Path folder;

  private Recipe read(String text, String... set) throws IOException {
    Path file = Files.writeString(folder.resolve("my.toml"), text);
    return new Recipes(Recipes.overrides(List.of(set))).read(file.toString());
  }

  @Test
  void aNameAndAFileAreReadAlike() throws IOException {
    Recipe named = new Recipes(Map.of()).read("toy/forget");
    Recipe file = read(Recipes.text("toy/forget"));
    assertThat(named.name()).isEqualTo("toy/forget");
    assertThat(named.needs()).containsExactly(Map.entry("start", "toy/pretrain"));
    assertThat(file.tree()).isEqualTo(named.tree());
    assertThat(file.axes()).isEqualTo(named.axes());
    assertThat(file.needs())
        .containsExactly(Map.entry("start", folder.resolve("pretrain").toString()));
  }

  @Test
  void recipesOfTheClassPathAreListed() {
    assertThat(Recipes.list()).contains("toy/forget", "toy/pretrain");
    assertThat(Recipes.expand("toy")).containsExactly("toy/forget", "toy/pretrain");
    assertThat(Recipes.expand("toy/forget")).containsExactly("toy/forget");
  }

  @Test
  void aFolderStandsForItsRecipes() throws IOException {
    Files.writeString(folder.resolve("b.toml"), HEAD);
    Files.writeString(folder.resolve("a.toml"), HEAD);
    Files.writeString(folder.resolve("notes.txt"), "");
    assertThat(Recipes.expand(folder.toString()))
        .containsExactly(folder.resolve("a.toml").toString(), folder.resolve("b.toml").toString());
  }

  @Test
  void aPathWithBackslashesIsOneWithSlashes() throws IOException {
    Path exp = Files.createDirectory(folder.resolve("exp"));
    Files.writeString(
        exp.resolve("my.toml"),
        HEAD + "needs = { start = \"pre\", reference = 'toy\\pretrain' }\n");
    Recipe recipe = new Recipes(Map.of()).read(folder + "\\exp\\my.toml");
    assertThat(recipe.name()).isEqualTo(folder + "/exp/my");
    assertThat(recipe.shortName()).isEqualTo("my");
    assertThat(recipe.folder()).isEqualTo(folder + "/exp/");
    assertThat(recipe.needs())
        .containsExactly(
            Map.entry("start", folder + "/exp/pre"), Map.entry("reference", "toy/pretrain"));
    assertThat(Recipes.expand(folder + "\\exp")).containsExactly(folder + "/exp/my.toml");
    assertThat(Recipes.expand("toy\\")).containsExactly("toy/forget", "toy/pretrain");
    assertThat(Recipes.text("toy\\forget")).isEqualTo(Recipes.text("toy/forget"));
  }

  @ParameterizedTest
  @CsvSource({
    "toy/forgte, 'no recipe named toy/forgte; did you mean toy/forget?'",
    "toi, 'no recipe named toi; did you mean toy?'",
    "forget, 'no recipe named forget; did you mean toy/forget?'",
    "toy/pretrain2.toml, 'toy/pretrain2.toml: no such file; did you mean toy/pretrain?'",
    "toy/something-else, 'no recipe named toy/something-else; `dualoptim recipes` lists those that exist'"
  })
  void aMistypedNameIsAnsweredWithTheNearestOne(String typed, String sentence) {
    assertThatThrownBy(() -> Recipes.text(typed))
        .isInstanceOf(RecipeException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 0.25",
    "3, 3",
    "true, true",
    "salun, '\"salun\"'",
    "'\"salun\"', '\"salun\"'",
    "'[1, 2]', '[1,2]'",
    "'{ kind = \"sgd\" }', '{\"kind\":\"sgd\"}'",
    "'', '\"\"'",
    "1e-4, 0.0001"
  })
  void overridesAreTomlValuesOrBareWords(String text, String json) {
    JsonNode value = Recipes.overrides(List.of("a.b= " + text)).get("a.b");
    assertThat(value.toString()).isEqualToIgnoringCase(json);
  }

  @Test
  void overridesReplaceWhatIsThere() throws IOException {
    String text =
        HEAD
            + "seed = 1\n[method]\nalpha = 0.1\n[axes]\nseed = [1, 2]\nmethod.alpha = [0.1, 0.2]\n";
    Recipe recipe = read(text, "method.alpha=0.3");
    assertThat(Recipes.at(recipe.tree(), "method.alpha").asDouble()).isEqualTo(0.3);
    assertThat(recipe.axes()).containsOnlyKeys("seed");
  }

  @ParameterizedTest
  @CsvSource({
    "method.beta=1, '--set method.beta: none of the recipes has this key, and one that is absent must be written into the recipe''s file first'",
    "title=New, '--set title: this key cannot be replaced'",
    "method.alpa=1, '--set method.alpa: none of the recipes has this key, and one that is absent must be written into the recipe''s file first; did you mean method.alpha?'",
    "alpha=1, '--set alpha: none of the recipes has this key, and one that is absent must be written into the recipe''s file first; did you mean method.alpha?'",
    "method.alpha.x=1, '--set method.alpha.x: none of the recipes has this key, and one that is absent must be written into the recipe''s file first'"
  })
  void anOverrideWithoutEffectIsRefused(String set, String sentence) throws IOException {
    Recipes recipes = new Recipes(Recipes.overrides(List.of(set)));
    recipes.read(
        Files.writeString(folder.resolve("my.toml"), HEAD + "[method]\nalpha = 0.1\n").toString());
    assertThatThrownBy(recipes::requireAllUsed)
        .isInstanceOf(RecipeException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a = | line 1 is not TOML: ",
        "a = 1\\na = 2 | line 2 is not TOML: ",
        "[[[ | line 1 is not TOML: ",
        "a = 'x | line 1 is not TOML: ",
      })
  void whatIsNotTomlIsToldByLine(String text, String sentence) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(folder.resolve("my.toml") + ": " + sentence)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anEndlessNumberIsNotQuotedWhole() {
    assertThatThrownBy(() -> read("a = " + "9".repeat(5000)))
        .isInstanceOf(RecipeException.class)
        .hasMessageEndingWith("99...")
        .message()
        .hasSizeLessThan(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title = 'T' | domain is missing",
        "domain = 'toy' | title is missing",
        "domain = 'toy'\\ntitle = 3 | title must be a text, got 3",
        "domain = 'toy'\\ntitle = 'T'\\nneeds = 'pretrain' | needs must be a table of recipes by role, got \"pretrain\"",
        "domain = 'toy'\\ntitle = 'T'\\nneeds = { start = 3 } | needs.start must be the name of a recipe, got 3",
        "domain = 'toy'\\ntitle = 'T'\\naxes = [1] | axes must be a table of lists, got [1]",
        "domain = 'toy'\\ntitle = 'T'\\naxes = { seed = 3 } | axes.seed must be a list of at least one value",
        "domain = 'toy'\\ntitle = 'T'\\naxes = { seed = [] } | axes.seed must be a list of at least one value",
        "domain = 'toy'\\ntitle = 'T'\\naxes = { seed = [1] } | axes.seed: the recipe has no such key",
      })
  void whatARecipeMustHaveIsToldByKey(String text, String sentence) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(RecipeException.class)
        .hasMessage(folder.resolve("my.toml") + ": " + sentence);
  }

  @Test
  void aMissingFileAndAFolderWithoutRecipesAreToldApart() throws IOException {
    String missing = folder.resolve("missing.toml").toString();
    assertThatThrownBy(() -> Recipes.text(missing)).hasMessage(missing + ": no such file");
    String empty = Files.createDirectory(folder.resolve("empty")).toString();
    assertThatThrownBy(() -> Recipes.text(empty)).hasMessage(empty + " holds no recipes");
    String named = Files.createDirectory(folder.resolve("x.toml")).toString();
    assertThatThrownBy(() -> Recipes.text(named))
        .hasMessage(named + " is a folder, not a TOML file");
  }

  @Test
  void aNeedThatDoesNotExistIsToldWithTheRecipeThatHasIt() throws IOException {
    String file =
        Files.writeString(folder.resolve("my.toml"), HEAD + "needs = { start = \"nowhere\" }\n")
            .toString();
    Recipes recipes = new Recipes(Map.of());
    String need = recipes.read(file).needs().get("start");
    assertThatThrownBy(() -> recipes.read(need))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith(file + ": needs.start: no recipe named " + need);
  }

  @Test
  void hostileTextIsRefusedQuickly() {
    for (String text :
        List.of("a = " + "[".repeat(100_000), "\u0000", "a = " + "9".repeat(100_000))) {
      assertThatThrownBy(() -> read(HEAD + text))
          .as(text.substring(0, Math.min(20, text.length())))
          .isInstanceOf(RecipeException.class);
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheRecipe() throws IOException {
    Path file = folder.resolve("windows.toml");
    Files.writeString(file, "\uFEFF" + Recipes.text("toy/pretrain"));
    assertThat(new Recipes(Map.of()).read(file.toString()).title()).isEqualTo("Pretrain");
  }

  @Test
  void whereOneRecipeIsWantedAFolderIsAnsweredWithItsRecipes() {
    assertThatThrownBy(() -> Recipes.text("toy"))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("toy is a folder; name one of its recipes: toy/")
        .hasMessageContaining("toy/pretrain");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("my.toml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> Recipes.text(file.toString()))
        .hasMessage(file + ": is not TOML: it is not UTF-8 text");
  }
}
