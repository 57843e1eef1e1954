package org.dualoptim.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.dualoptim.eval.report.ImageGrid.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
  private static final int RED = 0xFFFF0000;
  private static final int BLUE = 0xFF0000FF;

  /** Two pixels side by side, red and blue: planes red, green, blue. */
  private static final Image RED_BLUE =
      Image.of(3, 1, 2, new byte[] {(byte) 255, 0, 0, 0, 0, (byte) 255});

  @Test
  void channelsComeFirstAndPixelsBecomeSquares(@TempDir Path dir) throws IOException {
    Path png = dir.resolve("deep/grid.png");
    new ImageGrid(List.of(RED_BLUE), 1, 8, List.of(), List.of()).write(png);
    BufferedImage read = ImageIO.read(png.toFile());
    // 6 gap + 4 room for a frame
    for (int dx = 0; dx < 16; dx++) {
      for (int dy = 0; dy < 8; dy++) {
        assertThat(read.getRGB(10 + dx, 10 + dy)).isEqualTo(dx < 8 ? RED : BLUE);
      }
    }
    assertThat(read.getRGB(9, 10)).isEqualTo(0xFFFFFFFF);
    assertThat(read.getRGB(26, 10)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  void floatsAreScaledAndClampedAndNanIsBlack() {
    Image image = Image.of(1, 1, 5, new float[] {-2, -1, 0, 3, Float.NaN}, -1, 1);
    assertThat(image.pixels()).containsExactly(0, 0, (byte) 128, (byte) 255, 0);
  }

  @Test
  void greyIsTheSameInAllChannels() {
    BufferedImage drawn =
        ImageGrid.of(List.of(Image.of(1, 1, 1, new byte[] {(byte) 200})), 1).draw();
    assertThat(drawn.getRGB(12, 12)).isEqualTo(0xFFC8C8C8);
  }

  @Test
  void smallImagesAreEnlargedUntilTheyCanBeSeen() {
    Image small = Image.of(1, 16, 16, new byte[256]);
    assertThat(ImageGrid.of(List.of(small), 1).scale()).isEqualTo(4);
    Image large = Image.of(1, 200, 200, new byte[40_000]);
    assertThat(ImageGrid.of(List.of(large), 1).scale()).isEqualTo(1);
  }

  @Test
  void theLastRowMayBeShort() {
    ImageGrid grid = ImageGrid.of(Collections.nCopies(5, RED_BLUE), 3);
    BufferedImage drawn = grid.draw();
    assertThat(drawn.getHeight()).isEqualTo(6 + 2 * (grid.scale() + 8 + 6));
    assertThat(drawn.getRGB(drawn.getWidth() - 20, drawn.getHeight() - 20)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  void markedImagesHaveARedFrameOutsideTheirPixels() {
    BufferedImage drawn = ImageGrid.of(List.of(RED_BLUE.asMarked()), 1).draw();
    assertThat(drawn.getRGB(8, 12)).isEqualTo(0xFFD62728);
    assertThat(drawn.getRGB(10, 10)).isEqualTo(RED);
  }

  @Test
  void labelsMakeRoomForThemselves() {
    ImageGrid plain = ImageGrid.of(List.of(RED_BLUE, RED_BLUE), 2);
    BufferedImage labelled =
        plain
            .labelled(List.of("airplane"), List.of("before", "a rather long heading over a column"))
            .draw();
    assertThat(labelled.getWidth()).isGreaterThan(plain.draw().getWidth());
    assertThat(labelled.getHeight()).isGreaterThan(plain.draw().getHeight());
  }

  @Test
  void wrongSizesAreRefusedWithBothNumbers() {
    assertThatThrownBy(() -> Image.of(3, 2, 2, new byte[11]))
        .hasMessage("pixels must be 3*2*2 = 12, got 11");
    assertThatThrownBy(() -> Image.of(2, 1, 1, new byte[2]))
        .hasMessage("channels must be 1 or 3, got 2");
    Image other = Image.of(1, 1, 1, new byte[1]);
    assertThatThrownBy(() -> ImageGrid.of(List.of(RED_BLUE, other), 2))
        .hasMessageContaining("1x2 and 1x1");
    assertThatThrownBy(
            () -> ImageGrid.of(List.of(RED_BLUE), 1).labelled(List.of("a", "b"), List.of()))
        .hasMessage("rowLabels must be 1, got 2");
  }
}
