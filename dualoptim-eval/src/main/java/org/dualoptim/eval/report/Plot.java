package org.dualoptim.eval.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Line charts in one picture: panels side by side, one legend beneath all of them. A series keeps
 * its colour in every panel, by its name, from a palette that colour-blind readers can tell apart
 * (Okabe and Ito).
 *
 * @param title above the panels, may be empty
 * @param panels at least one, filled in row by row
 * @param columns panels in a row, at least 1
 */
public record Plot(String title, List<Panel> panels, int columns) {

  /**
   * One chart.
   *
   * @param title above it, may be empty
   * @param x label of the horizontal axis
   * @param y label of the vertical axis
   * @param logY whether the vertical axis is logarithmic; values that are not positive are then
   *     left out
   * @param series lines in drawing order
   * @param references horizontal lines, such as what retraining reaches
   */
  public record Panel(
      String title,
      String x,
      String y,
      boolean logY,
      List<Series> series,
      List<Reference> references) {
    public Panel {
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(x, "x");
      Objects.requireNonNull(y, "y");
      series = List.copyOf(series);
      references = List.copyOf(references);
    }
  }

  /**
   * How much a line asks to be looked at: a faint one stays behind its own average, in its colour.
   */
  public enum Weight {
    STRONG,
    FAINT
  }

  /**
   * A line through (x[i], y[i]), where NaN and infinities leave a hole, in a band of y[i] ± std[i].
   *
   * @param name its name in the legend; series of one name share a colour
   * @param std half width of the band, or empty for no band
   */
  public record Series(String name, double[] x, double[] y, double[] std, Weight weight) {
    public Series {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(weight, "weight");
      if (x.length != y.length || (std.length != 0 && std.length != y.length)) {
        throw new IllegalArgumentException(
            "series "
                + name
                + " must have as many x as y (and std, if any), got "
                + x.length
                + ", "
                + y.length
                + " and "
                + std.length);
      }
      x = x.clone();
      y = y.clone();
      std = std.clone();
    }

    /** A line without a band. */
    public static Series line(String name, double[] x, double[] y) {
      return new Series(name, x, y, new double[0], Weight.STRONG);
    }

    /** A mean with its standard deviation. */
    public static Series band(String name, double[] x, double[] mean, double[] std) {
      return new Series(name, x, mean, std, Weight.STRONG);
    }

    /** This line, thin and pale. */
    public Series faint() {
      return new Series(name, x, y, std, Weight.FAINT);
    }

    /**
     * The centred moving average of this line: the mean of the finite y within {@code window / 2}
     * points to either side, over fewer points at the ends, NaN where there are none.
     *
     * @param window points averaged, odd
     */
    public Series movingAverage(int window) {
      if (window < 1 || window % 2 == 0) {
        throw new IllegalArgumentException("window must be odd and positive, got " + window);
      }
      double[] mean = new double[y.length];
      for (int i = 0; i < y.length; i++) {
        int from = Math.max(0, i - window / 2);
        int to = Math.min(y.length, i + window / 2 + 1);
        mean[i] = Arrays.stream(y, from, to).filter(Double::isFinite).average().orElse(Double.NaN);
      }
      return line(name, x, mean);
    }

    /** A copy. */
    @Override
    public double[] x() {
      return x.clone();
    }

    /** A copy. */
    @Override
    public double[] y() {
      return y.clone();
    }

    /** A copy. */
    @Override
    public double[] std() {
      return std.clone();
    }
  }

  /**
   * A dashed horizontal line.
   *
   * @param name its name in the legend
   * @param y its height
   */
  public record Reference(String name, double y) {
    public Reference {
      Objects.requireNonNull(name, "name");
    }
  }

  public Plot {
    Objects.requireNonNull(title, "title");
    panels = List.copyOf(panels);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("panels must not be empty");
    }
    if (columns < 1) {
      throw new IllegalArgumentException("columns must be >= 1, got " + columns);
    }
  }

  /**
   * The distinct names of all series, in order of appearance: a series' colour is its place here.
   */
  List<String> names() {
    return panels.stream().flatMap(p -> p.series().stream()).map(Series::name).distinct().toList();
  }

  /** The distinct names of all reference lines, in order of appearance. */
  List<String> referenceNames() {
    return panels.stream()
        .flatMap(p -> p.references().stream())
        .map(Reference::name)
        .distinct()
        .toList();
  }

  /** The panels by row. */
  List<List<Panel>> rows() {
    List<List<Panel>> rows = new ArrayList<>();
    for (int i = 0; i < panels.size(); i += columns) {
      rows.add(panels.subList(i, Math.min(panels.size(), i + columns)));
    }
    return rows;
  }

  /**
   * Draws the picture and writes it as a PNG, 700 pixels a panel in width. The file appears
   * complete or not at all; an earlier one is replaced.
   *
   * @throws IOException when the file cannot be written
   */
  public void write(Path png) throws IOException {
    Fonts.require();
    PngFile.write(new PlotDrawing(this).draw(), png);
  }
}
