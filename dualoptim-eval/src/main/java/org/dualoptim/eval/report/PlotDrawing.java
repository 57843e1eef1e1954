package org.dualoptim.eval.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.dualoptim.eval.report.Plot.Panel;
import org.dualoptim.eval.report.Plot.Reference;
import org.dualoptim.eval.report.Plot.Series;
import org.dualoptim.eval.report.Plot.Weight;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws a {@link Plot}: XChart paints each panel, the title and the common legend are set around
 * them.
 */
final class PlotDrawing {
  private static final int PANEL_WIDTH = 700;
  private static final int PANEL_HEIGHT = 470;
  private static final int Y_AXIS_WIDTH = 96; // the same for all panels, so that they stand in line
  private static final int TITLE_HEIGHT = 56;
  private static final int TITLE_LINE_HEIGHT = 30; // of the second line and every further one
  private static final int SIDE_MARGIN = 20;
  private static final int PANEL_TITLE_HEIGHT = 34;
  private static final int LEGEND_LINE_HEIGHT = 40;
  private static final int LEGEND_SAMPLE = 44;
  private static final int LEGEND_GAP = 34;

  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 24);
  private static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
  private static final Font AXIS = new Font(Font.SANS_SERIF, Font.PLAIN, 19);
  private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 16);

  private static final Color INK = new Color(0x222222);
  private static final Color GRID = new Color(0xE4E4E4);
  private static final Color REFERENCE = new Color(0x555555);

  /**
   * Okabe and Ito, Color Universal Design (2008): without yellow, too pale for a line; black comes
   * last.
   */
  private static final List<Color> PALETTE =
      List.of(
          new Color(0x0072B2), // blue
          new Color(0xD55E00), // vermillion
          new Color(0x009E73), // bluish green
          new Color(0xCC79A7), // reddish purple
          new Color(0xE69F00), // orange
          new Color(0x56B4E9), // sky blue
          new Color(0x000000));

  /** Dashes of the reference lines, in order of their names. */
  private static final List<float[]> DASHES =
      List.of(new float[] {9, 6}, new float[] {2, 5}, new float[] {12, 5, 2, 5});

  private final Plot plot;
  private final List<String> names;
  private final List<String> referenceNames;

  PlotDrawing(Plot plot) {
    this.plot = plot;
    this.names = plot.names();
    this.referenceNames = plot.referenceNames();
  }

  BufferedImage draw() {
    int width = PANEL_WIDTH * Math.min(plot.columns(), plot.panels().size());
    List<String> title = titleLines(width);
    int top = title.isEmpty() ? 0 : TITLE_HEIGHT + TITLE_LINE_HEIGHT * (title.size() - 1);
    List<List<Entry>> legend = legend(width);
    int bottom = legend.size() * LEGEND_LINE_HEIGHT + (legend.isEmpty() ? 0 : 12);
    int height = top + PANEL_HEIGHT * plot.rows().size() + bottom;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, width, height);
      smooth(g);
      drawTitle(g, title, width);
      for (int r = 0; r < plot.rows().size(); r++) {
        List<Panel> row = plot.rows().get(r);
        for (int c = 0; c < row.size(); c++) {
          Graphics2D at =
              (Graphics2D)
                  g.create(c * PANEL_WIDTH, top + r * PANEL_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT);
          drawPanel(row.get(c), at);
          at.dispose();
        }
      }
      drawLegend(g, legend, width, height - bottom);
    } finally {
      g.dispose();
    }
    return image;
  }

  private static void smooth(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  /** The title broken at blanks where it is wider than the picture. */
  private List<String> titleLines(int width) {
    FontMetrics metrics = metrics(TITLE);
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : plot.title().split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && metrics.stringWidth(longer) > width - 2 * SIDE_MARGIN) {
        lines.add(line);
        longer = word;
      }
      line = longer;
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return lines;
  }

  private void drawTitle(Graphics2D g, List<String> lines, int width) {
    g.setFont(TITLE);
    g.setColor(INK);
    int y = TITLE_HEIGHT - 16;
    for (String line : lines) {
      int half = g.getFontMetrics().stringWidth(line) / 2;
      g.drawString(line, Math.min(middle(width), width - SIDE_MARGIN - half) - half, y);
      y += TITLE_LINE_HEIGHT;
    }
  }

  /**
   * What stands above or below the panels stands in their middle: a single one's is its chart's.
   */
  private static int middle(int width) {
    return width > PANEL_WIDTH ? width / 2 : (Y_AXIS_WIDTH + width) / 2;
  }

  private void drawPanel(Panel panel, Graphics2D g) {
    int below = panel.title().isEmpty() ? 0 : PANEL_TITLE_HEIGHT;
    g.setFont(PANEL_TITLE);
    g.setColor(INK);
    int middle = (Y_AXIS_WIDTH + PANEL_WIDTH) / 2;
    int left = middle - g.getFontMetrics().stringWidth(panel.title()) / 2;
    g.drawString(panel.title(), left, PANEL_TITLE_HEIGHT - 8);
    g.translate(0, below);
    chart(panel, PANEL_HEIGHT - below).paint(g, PANEL_WIDTH, PANEL_HEIGHT - below);
  }

  private XYChart chart(Panel panel, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(PANEL_WIDTH)
            .height(height)
            .xAxisTitle(panel.x())
            .yAxisTitle(panel.y())
            .build();
    style(chart.getStyler(), panel);
    for (Series series : panel.series()) {
      addBands(chart, series, panel.logY());
    }
    for (Series series : panel.series()) {
      addLine(chart, series, panel.logY());
    }
    addReferences(chart, panel);
    return chart;
  }

  private static void style(XYStyler styler, Panel panel) {
    styler.setLocale(Locale.ROOT);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartFontColor(INK);
    styler.setChartPadding(14);
    styler.setChartTitleVisible(false); // ours stand in one line, whatever letters they have
    styler.setLegendVisible(false);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setAxisTitleFont(AXIS);
    styler.setAxisTitlePadding(10);
    styler.setAxisTickLabelsFont(TICK);
    styler.setAxisTickLabelsColor(INK);
    styler.setAxisTickMarksColor(INK);
    styler.setAxisTickMarkLength(5);
    styler.setAxisTickPadding(6);
    styler.setYAxisLabelAlignment(TextAlignment.Right);
    styler.setPlotMargin(0);
    styler.setXAxisTickMarkSpacingHint(90);
    styler.setYAxisTickMarkSpacingHint(60);
    styler.setYAxisLeftWidthHint(Y_AXIS_WIDTH);
    styler.setXAxisDecimalPattern("#,##0.##########");
    LogTicks ticks = LogTicks.of(panel);
    if (panel.logY() && !ticks.tooFew()) {
      styler.setYAxisLogarithmic(true);
      styler.setYAxisLogarithmicDecadeOnly(false); // which of the others get a label, ticks says
      styler.setYAxisTickLabelsFormattingFunction(ticks::label);
      styler.setPlotGridHorizontalLinesVisible(!ticks.crowded());
    } else {
      styler.setYAxisDecimalPattern("#,##0.##########");
    }
  }

  private Color colour(Series series) {
    return PALETTE.get(names.indexOf(series.name()) % PALETTE.size());
  }

  /** Opaque, so that a dense zigzag stays as pale as a single stroke. */
  private static Color pale(Color colour) {
    return new Color(
        (colour.getRed() + 2 * 255) / 3,
        (colour.getGreen() + 2 * 255) / 3,
        (colour.getBlue() + 2 * 255) / 3);
  }

  private static Color alpha(Color colour, int alpha) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  private void addLine(XYChart chart, Series series, boolean logY) {
    double[] y = Arrays.stream(series.y()).map(v -> drawable(v, logY) ? v : Double.NaN).toArray();
    long points = Arrays.stream(y).filter(Double::isFinite).count();
    if (points == 0) {
      return; // XChart refuses a series without a number
    }
    XYSeries line = chart.addSeries(key(chart), series.x(), y);
    boolean strong = series.weight() == Weight.STRONG;
    line.setMarker(
        points == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE); // one point makes no line
    line.setMarkerColor(colour(series));
    line.setLineColor(strong ? colour(series) : pale(colour(series)));
    line.setLineStyle(
        new BasicStroke(strong ? 2.6f : 1.1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private void addBands(XYChart chart, Series series, boolean logY) {
    for (double[][] outline : Band.outlines(series, logY)) {
      XYSeries band = chart.addSeries(key(chart), outline[0], outline[1]);
      band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
      band.setMarker(SeriesMarkers.NONE);
      band.setLineColor(new Color(0, 0, 0, 0));
      band.setFillColor(alpha(colour(series), 45));
    }
  }

  private void addReferences(XYChart chart, Panel panel) {
    double[] x =
        panel.series().stream()
            .flatMapToDouble(s -> DoubleStream.of(s.x()))
            .filter(Double::isFinite)
            .toArray();
    double from = Arrays.stream(x).min().orElse(0);
    double to = Arrays.stream(x).max().orElse(1);
    breakEvenSpacing(chart, from, to, someY(panel));
    for (Reference reference : panel.references()) {
      if (drawable(reference.y(), panel.logY())) {
        double y = reference.y();
        XYSeries line = chart.addSeries(key(chart), new double[] {from, to}, new double[] {y, y});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(REFERENCE);
        line.setLineStyle(dashed(reference.name()));
      }
    }
  }

  /**
   * XChart puts its ticks on multiples of the data's own spacing when all x are equally spaced (0,
   * 17, 34 for iterations); one point off that grid, with nothing to see, brings back 0, 50, 100.
   */
  private static void breakEvenSpacing(XYChart chart, double from, double to, double y) {
    double off = from + (to - from) * (Math.sqrt(5) - 1) / 2;
    XYSeries point = chart.addSeries(key(chart), new double[] {off, off}, new double[] {y, y});
    point.setMarker(SeriesMarkers.NONE);
    point.setLineColor(new Color(0, 0, 0, 0));
  }

  /** A height that the panel shows anyway. */
  private static double someY(Panel panel) {
    return DoubleStream.concat(
            panel.series().stream().flatMapToDouble(s -> DoubleStream.of(s.y())),
            panel.references().stream().mapToDouble(Reference::y))
        .filter(y -> drawable(y, panel.logY()))
        .findFirst()
        .orElse(1);
  }

  private BasicStroke dashed(String name) {
    float[] dash = DASHES.get(referenceNames.indexOf(name) % DASHES.size());
    return new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  static boolean drawable(double value, boolean logY) {
    return Double.isFinite(value) && (!logY || value > 0);
  }

  /** XChart wants distinct names; people see ours, in the legend. */
  private static String key(XYChart chart) {
    return Integer.toString(chart.getSeriesCollection().size());
  }

  /** One line of the legend: a sample of the stroke and the name. */
  private record Entry(String name, Color colour, BasicStroke stroke, int width) {}

  /**
   * The legend's entries in centred lines that fit the picture; none if there is only one nameless
   * line.
   */
  private List<List<Entry>> legend(int width) {
    List<Entry> entries = new ArrayList<>();
    FontMetrics metrics = metrics(AXIS);
    for (int i = 0; i < names.size(); i++) {
      entries.add(
          entry(names.get(i), PALETTE.get(i % PALETTE.size()), new BasicStroke(3.2f), metrics));
    }
    for (String name : referenceNames) {
      entries.add(entry(name, REFERENCE, dashed(name), metrics));
    }
    entries.removeIf(e -> e.name().isEmpty());
    List<List<Entry>> lines = new ArrayList<>();
    int used = width;
    for (Entry entry : entries) {
      if (used + entry.width() > width - 40) {
        lines.add(new ArrayList<>());
        used = 0;
      }
      lines.get(lines.size() - 1).add(entry);
      used += entry.width();
    }
    return lines;
  }

  private static Entry entry(String name, Color colour, BasicStroke stroke, FontMetrics metrics) {
    return new Entry(
        name, colour, stroke, LEGEND_SAMPLE + 10 + metrics.stringWidth(name) + LEGEND_GAP);
  }

  private static FontMetrics metrics(Font font) {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return g.getFontMetrics(font);
    } finally {
      g.dispose();
    }
  }

  private static void drawLegend(Graphics2D g, List<List<Entry>> lines, int width, int top) {
    g.setFont(AXIS);
    int middle = top + LEGEND_LINE_HEIGHT / 2;
    for (List<Entry> line : lines) {
      int half = (line.stream().mapToInt(Entry::width).sum() - LEGEND_GAP) / 2;
      int x = Math.min(middle(width), width - SIDE_MARGIN - half) - half;
      for (Entry entry : line) {
        g.setColor(entry.colour());
        g.setStroke(entry.stroke());
        g.drawLine(x, middle, x + LEGEND_SAMPLE, middle);
        g.setColor(INK);
        g.drawString(
            entry.name(), x + LEGEND_SAMPLE + 10, middle + g.getFontMetrics().getAscent() / 2 - 2);
        x += entry.width();
      }
      middle += LEGEND_LINE_HEIGHT;
    }
  }
}
