package org.dualoptim.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Guice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.recipe.Recipes;
import org.dualoptim.eval.EvalModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionDomainTest {
  private static final int ROW = 3073;
  private static final int ROWS = 20;

  private final VisionDomain domain =
      Guice.createInjector(new CoreModule(), new EvalModule(), new VisionModule())
          .getInstance(VisionDomain.class);

  /** CIFAR-10 of one colour, its labels balanced. */
  private static void write(Path folder, int colour) throws IOException {
    for (int file = 0; file <= 5; file++) {
      byte[] rows = new byte[ROW * ROWS];
      Arrays.fill(rows, (byte) colour);
      for (int i = 0; i < ROWS; i++) {
        rows[i * ROW] = (byte) (i % 10);
      }
      String name = file == 0 ? "test_batch.bin" : "data_batch_" + file + ".bin";
      Files.write(folder.resolve(name), rows);
    }
  }

  private String inspect(Path data) {
    ObjectNode tree = new Recipes(Map.of()).read("vision/cifar10-resnet20-small/retrain").tree();
    ((ObjectNode) tree.at("/data/split")).put("forget_count", 6);
    return domain.inspect(tree, data);
  }

  @Test
  void aSplitThatCannotBeDrawnIsToldUnderItsKey(@TempDir Path data) throws IOException {
    write(data, 1);
    ObjectNode tree = new Recipes(Map.of()).read("vision/cifar10-resnet20-small/retrain").tree();
    assertThatThrownBy(() -> domain.inspect(tree, data))
        .hasMessage(
            "data.split.forget_count must be in [1, 90], the images there are to choose from, got 711");
    tree.put("seed", 0);
    assertThatThrownBy(() -> domain.inspect(tree, data))
        .hasMessage("seed: must be in [1, 4294967295], got 0");
  }

  /**
   * Only the data set that was used last stays in memory; so long, its files are not read again.
   */
  @Test
  void aDataSetIsKeptUntilAnotherIsAskedFor(@TempDir Path one, @TempDir Path other)
      throws IOException {
    write(one, 1);
    write(other, 2);
    String first = inspect(one);
    write(one, 3);
    assertThat(inspect(one)).isEqualTo(first);
    assertThat(inspect(other)).isNotEqualTo(first);
    assertThat(inspect(one)).isNotEqualTo(first);
    assertThat(inspect(one)).startsWith("train 100 images ");
  }
}
