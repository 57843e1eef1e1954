package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ShapesTest {
  private static final DataRoots NONE = new DataRoots(List.of());

  private static ImageData draw(long seed, int train, int test, double labelNoise) {
    return new Shapes(seed, train, test, 16, labelNoise, 0.5).load(NONE);
  }

  /** The sum was made by this code; it must not change with the machine or the Java version. */
  @Test
  void theBytesAreTheSameOnEveryMachine() {
    CRC32 sum = new CRC32();
    sum.update(new Shapes(1, 200, 50, 32, 0.1, 1).load(NONE).train().pixels());
    assertThat(sum.getValue()).isEqualTo(19306700L);
  }

  @Test
  void anImageDependsOnSeedSplitAndIndexOnly() {
    ImageSet few = draw(7, 20, 10, 0.1).train();
    ImageSet many = draw(7, 60, 30, 0.1).train();
    assertThat(Arrays.copyOf(many.pixels(), few.pixels().length)).isEqualTo(few.pixels());
    assertThat(Arrays.copyOf(many.labels(), few.size())).isEqualTo(few.labels());
    assertThat(draw(8, 20, 10, 0.1).train().pixels()).isNotEqualTo(few.pixels());
    assertThat(draw(7, 20, 20, 0.1).test().pixels()).isNotEqualTo(few.pixels());
  }

  @Test
  void labelNoiseTouchesOnlyTrainingLabels() {
    ImageData noisy = draw(1, 5000, 100, 0.1);
    ImageData clean = draw(1, 5000, 100, 0);
    assertThat(noisy.train().pixels()).isEqualTo(clean.train().pixels());
    int wrong = 0;
    for (int i = 0; i < 5000; i++) {
      assertThat(clean.train().label(i)).isEqualTo(i % 10);
      wrong += noisy.train().label(i) == i % 10 ? 0 : 1;
    }
    assertThat(wrong).isBetween(430, 570); // 500 expected, standard deviation 21
    assertThat(noisy.test().labels()).isEqualTo(clean.test().labels());
  }

  @Test
  void aLoneFigureStandsOutFromItsGround() {
    ImageSet images = new Shapes(3, 100, 10, 32, 0, 0).load(NONE).train();
    for (int i = 0; i < images.size(); i++) {
      int at = images.offset(i);
      int contrast = 0;
      for (int c = 0; c < 3; c++) {
        int low = 255;
        int high = 0;
        for (int p = 0; p < 1024; p++) {
          int value = images.pixels()[at + 1024 * c + p] & 0xff;
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
        contrast = Math.max(contrast, high - low);
      }
      assertThat(contrast).as("image %d", i).isGreaterThan(90);
    }
  }

  /** Areas in units of the figure's radius, from the figures' dimensions. */
  @Test
  void figuresHaveTheirAreaAndStayInTheUnitCircle() {
    assertThat(area(Figure.DISC)).isEqualTo(2.433, within());
    assertThat(area(Figure.SQUARE)).isEqualTo(1.96, within());
    assertThat(area(Figure.TRIANGLE)).isEqualTo(1.299, within());
    assertThat(area(Figure.CROSS)).isEqualTo(1.92, within());
    assertThat(area(Figure.RING)).isEqualTo(1.935, within());
    // ten triangles with sides 1 and 0.42 about an angle of 36 degrees
    assertThat(area(Figure.STAR)).isEqualTo(1.234, within());
    assertThat(area(Figure.DIAMOND)).isEqualTo(1.098, within());
    assertThat(area(Figure.BAR)).isEqualTo(1.037, within());
    assertThat(area(Figure.CHECKER)).isEqualTo(0.98, within());
    assertThat(area(Figure.CRESCENT)).isBetween(0.9, 1.5);
  }

  private static Offset<Double> within() {
    return Assertions.within(0.02);
  }

  private static double area(Figure figure) {
    int steps = 600;
    int inside = 0;
    for (int i = 0; i < steps; i++) {
      for (int j = 0; j < steps; j++) {
        double x = 2.4 * (i + 0.5) / steps - 1.2;
        double y = 2.4 * (j + 0.5) / steps - 1.2;
        if (figure.distance(x, y) < 0) {
          assertThat(x * x + y * y).as("%s at %s %s", figure, x, y).isLessThanOrEqualTo(1.0);
          inside++;
        }
      }
    }
    return 2.4 * 2.4 * inside / ((double) steps * steps);
  }

  @Test
  void badValuesAreNamedAsInTheRecipe() {
    assertThatThrownBy(() -> new Shapes(1, 9, 10, 32, 0, 0))
        .hasMessage("count_train must be >= 10, got 9");
    assertThatThrownBy(() -> new Shapes(1, 10, 0, 32, 0, 0))
        .hasMessage("count_test must be >= 10, got 0");
    assertThatThrownBy(() -> new Shapes(1, 10, 10, 8, 0, 0))
        .hasMessage("size must be in [16, 64], got 8");
    assertThatThrownBy(() -> new Shapes(1, 10, 10, 32, 0.6, 0))
        .hasMessage("label_noise must be in [0.0, 0.5], got 0.6");
    assertThatThrownBy(() -> new Shapes(1, 10, 10, 32, 0, Double.NaN))
        .hasMessage("clutter must be in [0.0, 1.0], got NaN");
  }
}
