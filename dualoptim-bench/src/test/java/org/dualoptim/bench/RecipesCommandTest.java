package org.dualoptim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualoptim.core.recipe.Recipe;
import org.dualoptim.core.recipe.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipesCommandTest {
  private static final String NAME = "vision/shapes/sfron-do";

  @TempDir Path folder;
  private final Shell shell = new Shell();

  @Test
  void theListHasAHeadingForEachFolderAndFirstWhatTheOthersStartFrom() {
    assertThat(shell.run("recipes")).isZero();
    assertThat(shell.out())
        .containsPattern("(?m)^vision/shapes\n  pretrain +Pretrained: .*\n  retrain +RT: ")
        .containsPattern("(?m)^  sfron-do +SFRon")
        .endsWith("\n" + Recipes.list().size() + " recipes\n");
    String listed = shell.out();
    assertThat(shell.run("recipes", "list")).isZero();
    assertThat(shell.out()).isEqualTo(listed);
  }

  @Test
  void aFolderCanBeListedByItself() {
    assertThat(shell.run("recipes", "list", "vision/shapes/")).isZero();
    assertThat(shell.out()).startsWith("vision/shapes\n").doesNotContain("cifar", "-search");
    assertThat(shell.run("recipes", "list", "shapes")).isEqualTo(2);
    assertThat(shell.err())
        .startsWith("error: no recipes in shapes; the folders are ")
        .contains(" vision/shapes");
  }

  @Test
  void everyRecipeHasAPurpose() throws IOException {
    assertThat(shell.run("recipes", "list", "--json")).isZero();
    JsonNode all = new ObjectMapper().readTree(shell.out());
    assertThat(all).hasSameSizeAs(Recipes.list());
    all.forEach(
        recipe ->
            assertThat(recipe.get("purpose").asText())
                .as(recipe.get("name").asText())
                .isNotEmpty()
                .endsWith("."));
  }

  @Test
  void showPrintsTheFileAsItIs() {
    assertThat(shell.run("recipes", "show", NAME)).isZero();
    assertThat(shell.out()).isEqualTo(Recipes.text(NAME));
  }

  @Test
  void anUnknownRecipeIsAUsageError() {
    assertThat(shell.run("recipes", "show", "sfron-do")).isEqualTo(2);
    assertThat(shell.err()).startsWith("error: no recipe named sfron-do").contains("did you mean");
  }

  @Test
  void aCopyRunsFromAnywhereAndReadsTheSame() {
    Path copy = folder.resolve("new folder").resolve("mine.toml");
    assertThat(shell.run("recipes", "copy", NAME, copy)).isZero();
    assertThat(shell.out()).isEqualTo("wrote " + copy + "\n");
    Recipe original = new Recipes(Map.of()).read(NAME);
    Recipe copied = new Recipes(Map.of()).read(copy.toString());
    assertThat(copied.needs()).isEqualTo(original.needs()).containsValue("vision/shapes/retrain");
    assertThat(copied.tree()).isEqualTo(original.tree());
    assertThat(copied.axes()).isEqualTo(original.axes());
  }

  @Test
  void aCopyOfOnesOwnRecipeFindsTheFilesBesideTheOriginal() throws IOException {
    Path own =
        Files.writeString(folder.resolve("pre.toml"), Recipes.text("vision/shapes/pretrain"));
    String text = Recipes.text(NAME).replace("start = \"pretrain\"", "\"start\" = \"pre\"");
    Path mine = Files.writeString(folder.resolve("mine.toml"), text);
    Path copy = folder.resolve("sub/copy.toml");
    assertThat(shell.run("recipes", "copy", mine, copy)).isZero();
    assertThat(new Recipes(Map.of()).read(copy.toString()).needs())
        .containsEntry("start", own.toString());
  }

  @Test
  void aCopyIntoAFolderKeepsItsName() {
    assertThat(shell.run("recipes", "copy", NAME, folder)).isZero();
    assertThat(folder.resolve("sfron-do.toml")).exists();
  }

  @Test
  void aSlashAtTheEndMakesTheFolder() {
    assertThat(shell.run("recipes", "copy", NAME, folder + "/exp2/")).isZero();
    assertThat(folder.resolve("exp2/sfron-do.toml")).isNotEmptyFile();
    assertThat(shell.run("recipes", "copy", NAME, "")).isEqualTo(2);
    assertThat(shell.err()).startsWith("error: FILE must not be empty");
  }

  @Test
  void aCopyNeverOverwrites() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.toml"), "mine");
    assertThat(shell.run("recipes", "copy", NAME, mine)).isEqualTo(1);
    assertThat(shell.err()).contains(mine + " already exists");
    assertThat(mine).hasContent("mine");
  }
}
