package org.dualoptim.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.dualoptim.eval.report.Plot.Panel;
import org.dualoptim.eval.report.Plot.Reference;
import org.dualoptim.eval.report.Plot.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {
  private static final int BLUE = 0xFF0072B2;
  private static final int VERMILLION = 0xFFD55E00;
  private static final int PALE = 0xD0;
  private static final double[] X = {0, 1, 2, 3};

  private static Panel panel(boolean logY, List<Series> series, Reference... references) {
    return new Panel("title", "x", "y", logY, series, List.of(references));
  }

  private static BufferedImage draw(Panel... panels) {
    return new PlotDrawing(new Plot("", List.of(panels), 2)).draw();
  }

  private static long count(BufferedImage image, int argb) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return java.util.Arrays.stream(pixels).filter(p -> p == argb).count();
  }

  @Test
  void fourPanelsAre1400PixelsWide(@TempDir Path dir) throws IOException {
    Panel panel = panel(false, List.of(Series.line("a", X, X)), new Reference("retrain", 2));
    Path png = dir.resolve("figures/process.png");
    new Plot("title", Collections.nCopies(4, panel), 2).write(png);
    BufferedImage read = ImageIO.read(png.toFile());
    assertThat(read.getWidth()).isEqualTo(1400);
    assertThat(read.getHeight()).isBetween(900, 1200);
    try (var files = Files.list(png.getParent())) {
      assertThat(files).containsExactly(png);
    }
  }

  @Test
  void aSeriesKeepsItsColourWhereverItStands() {
    Series a = Series.line("a", X, X);
    Series b = Series.line("b", X, X);
    BufferedImage image = draw(panel(false, List.of(a, b)), panel(false, List.of(b)));
    BufferedImage left = image.getSubimage(0, 0, 700, 470);
    BufferedImage right = image.getSubimage(700, 0, 700, 470);
    assertThat(count(right, BLUE)).isZero();
    assertThat(count(right, VERMILLION)).isPositive();
    assertThat(count(left, VERMILLION)).isPositive();
  }

  @Test
  void theLegendStandsBelowThePanels() {
    BufferedImage image = draw(panel(false, List.of(Series.line("a", X, X))));
    assertThat(image.getHeight()).isGreaterThan(470);
    assertThat(count(image.getSubimage(0, 470, 700, image.getHeight() - 470), BLUE)).isPositive();
  }

  @Test
  void theBandIsShadedInThePaleColourOfItsLine() {
    double[] std = {0.5, 0.5, 0.5, 0.5};
    long with = count(draw(panel(false, List.of(Series.band("a", X, X, std)))), 0xFFFFFFFF);
    long without = count(draw(panel(false, List.of(Series.line("a", X, X)))), 0xFFFFFFFF);
    assertThat(without - with).isGreaterThan(10_000);
  }

  @Test
  void notANumberIsAHoleAndNeverAnError() {
    double[] y = {1, Double.NaN, Double.POSITIVE_INFINITY, 2};
    double[] none = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    draw(
        panel(
            false,
            List.of(Series.band("a", X, y, y), Series.line("b", X, none)),
            new Reference("r", Double.NaN)),
        panel(
            true,
            List.of(Series.line("c", X, new double[] {0, -1, 1e-3, 1e3})),
            new Reference("r", 0)));
  }

  @Test
  void panelsWithLittleInThemAreDrawn() {
    draw(
        panel(false, List.of()),
        panel(true, List.of()),
        panel(false, List.of(), new Reference("retrain", 3)),
        panel(false, List.of(Series.line("a", new double[0], new double[0]))),
        panel(false, List.of(Series.line("flat", X, new double[] {5, 5, 5, 5}))));
    Panel onePoint = panel(true, List.of(Series.line("one", new double[] {4}, new double[] {2})));
    assertThat(count(draw(onePoint).getSubimage(0, 0, 700, 470), BLUE))
        .as("one point is a dot")
        .isPositive();
  }

  @Test
  void aBandMayReachBelowZeroOnALogarithmicAxis() {
    Series series = Series.band("a", X, new double[] {1, 2, 4, 8}, new double[] {2, 1, 1, 1});
    double[][] outline = Band.outlines(series, true).get(0);
    assertThat(outline[0]).containsExactly(0, 1, 2, 3, 3, 2, 1, 0);
    assertThat(outline[1]).containsExactly(3, 3, 5, 9, 7, 3, 1, 1);
    assertThat(Band.outlines(series, false).get(0)[1]).endsWith(-1);
  }

  @Test
  void aBandIsSplitAtAHole() {
    double[] x = {0, 1, 2, 3, 4};
    Series series = Series.band("a", x, new double[] {1, 1, Double.NaN, 1, 1}, new double[5]);
    assertThat(Band.outlines(series, false)).hasSize(2);
  }

  @Test
  void movingAverageIsCentredAndSkipsHoles() {
    Series raw =
        Series.line("a", new double[] {0, 1, 2, 3, 4}, new double[] {1, 2, Double.NaN, 4, 8});
    assertThat(raw.movingAverage(3).y()).containsExactly(1.5, 1.5, 3, 6, 6);
    assertThat(raw.movingAverage(1).y()).containsExactly(1, 2, Double.NaN, 4, 8);
    assertThatThrownBy(() -> raw.movingAverage(4))
        .hasMessage("window must be odd and positive, got 4");
  }

  @Test
  void logarithmicLabelsStandAtPowersOfTenAndAt2And5WhereThereIsRoom() {
    LogTicks narrow = new LogTicks(1.2);
    assertThat(List.of(narrow.label(0.01), narrow.label(0.2), narrow.label(5), narrow.label(7)))
        .containsExactly("0.01", "0.2", "5", "");
    LogTicks wide = new LogTicks(6);
    assertThat(
            List.of(
                wide.label(1e-6), wide.label(1), wide.label(1000), wide.label(2), wide.label(1e5)))
        .containsExactly("1e-6", "1", "1000", "", "1e5");
    assertThat(wide.crowded()).isTrue();
  }

  @Test
  void aLogarithmicAxisShowsItsLabelsAt2And5AndBecomesLinearBelowOneDecade() {
    Series wide = Series.line("a", X, new double[] {1, 40, 4, 20});
    Series narrow = Series.line("a", X, new double[] {0.98, 3.8, 1.5, 2.2});
    assertThat(labels(draw(panel(true, List.of(wide))))).as("1, 2, 5, 10, 20").isEqualTo(5);
    assertThat(labels(draw(panel(true, List.of(narrow))))).isGreaterThanOrEqualTo(3);
  }

  /** How many tick labels stand at the y axis: ink left of it with a line's gap above. */
  private static int labels(BufferedImage image) {
    int labels = 0;
    int last = -10;
    for (int y = 0; y < 400; y++) {
      boolean marked = false;
      for (int x = 64; x < 88; x++) {
        marked |= (image.getRGB(x, y) & 0xFF) < PALE;
      }
      if (marked) {
        labels += y - last > 5 ? 1 : 0;
        last = y;
      }
    }
    return labels;
  }

  @Test
  void manyNamesBreakTheLegendIntoLines() {
    List<Series> many = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      many.add(Series.line("a method with a long name " + i, X, X));
    }
    assertThat(draw(panel(false, many)).getHeight()).isGreaterThan(470 + 4 * 40);
  }

  @Test
  void aTitleWiderThanThePictureIsBrokenNotCutOff() {
    Panel panel = panel(false, List.of());
    String wide = "a title of many words ".repeat(8);
    BufferedImage image = new PlotDrawing(new Plot(wide, List.of(panel), 1)).draw();
    BufferedImage narrow = new PlotDrawing(new Plot("a title", List.of(panel), 1)).draw();
    assertThat(image.getHeight()).isGreaterThan(narrow.getHeight() + 30);
    for (int y = 0; y < 56; y++) {
      assertThat(image.getRGB(0, y) & 0xFF).as("left edge, line %s", y).isEqualTo(0xFF);
      assertThat(image.getRGB(image.getWidth() - 1, y) & 0xFF).isEqualTo(0xFF);
    }
  }

  @Test
  void aPictureThatCannotBeWrittenLeavesTheEarlierOne(@TempDir Path dir) throws IOException {
    Path taken = Files.createDirectory(dir.resolve("taken.png"));
    Files.writeString(taken.resolve("inside"), "kept");
    Plot plot = new Plot("", List.of(panel(false, List.of())), 1);
    assertThatThrownBy(() -> plot.write(taken)).isInstanceOf(IOException.class);
    assertThat(taken.resolve("inside")).hasContent("kept");
    try (var files = Files.list(dir)) {
      assertThat(files).containsExactly(taken);
    }
  }

  @Test
  void seriesOwnTheirNumbers() {
    double[] y = {1, 2, 3, 4};
    Series series = Series.line("a", X, y);
    y[0] = 99;
    series.y()[1] = 99;
    assertThat(series.y()).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> Series.line("a", X, new double[2]))
        .hasMessageContaining("as many x as y");
  }
}
