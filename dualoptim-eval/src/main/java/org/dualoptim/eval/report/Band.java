package org.dualoptim.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualoptim.eval.report.Plot.Series;

/** The shaded area y ± std of a series, as closed outlines, one for each stretch without a hole. */
final class Band {
  private Band() {}

  /**
   * Outlines as {x[], y[]}: forth along the upper edge, back along the lower one. On a logarithmic
   * axis an edge at or below zero is drawn at the smallest positive y of the series.
   */
  static List<double[][]> outlines(Series series, boolean logY) {
    double[] x = series.x();
    double[] y = series.y();
    double[] std = series.std();
    List<double[][]> outlines = new ArrayList<>();
    double floor =
        logY ? Arrays.stream(y).filter(v -> v > 0).min().orElse(1) : Double.NEGATIVE_INFINITY;
    int from = 0;
    for (int i = 0; i <= std.length; i++) {
      boolean inside =
          i < std.length
              && Double.isFinite(x[i])
              && Double.isFinite(std[i])
              && PlotDrawing.drawable(y[i], logY);
      if (!inside) {
        if (i - from > 1) {
          outlines.add(outline(x, y, std, from, i, floor));
        }
        from = i + 1;
      }
    }
    return outlines;
  }

  private static double[][] outline(
      double[] x, double[] y, double[] std, int from, int to, double floor) {
    int n = to - from;
    double[] px = new double[2 * n];
    double[] py = new double[2 * n];
    for (int i = 0; i < n; i++) {
      int j = from + i;
      px[i] = x[j];
      py[i] = y[j] + std[j];
      px[2 * n - 1 - i] = x[j];
      py[2 * n - 1 - i] = y[j] - std[j] > 0 || floor < 0 ? y[j] - std[j] : floor;
    }
    return new double[][] {px, py};
  }
}
