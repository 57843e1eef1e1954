package org.dualoptim.eval.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Images side by side in rows, as one PNG. Every pixel becomes a square of {@code scale} pixels, so
 * that small images can be looked at and nothing is smoothed.
 *
 * @param images all of one size, filled in row by row
 * @param columns images in a row, at least 1
 * @param scale enlargement, at least 1
 * @param rowLabels one for each row, or empty for none
 * @param columnLabels one for each column, or empty for none
 */
public record ImageGrid(
    List<Image> images, int columns, int scale, List<String> rowLabels, List<String> columnLabels) {
  private static final int SMALLEST = 64;
  private static final int GAP = 6;
  private static final int FRAME = 4;
  private static final Color MARK = new Color(0xD62728);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

  /**
   * An image.
   *
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @param pixels [C, H, W] in row-major order, 0..255 as unsigned bytes
   * @param marked whether it gets a red frame, as images of the forgotten class do in the paper's
   *     figures
   */
  public record Image(int channels, int height, int width, byte[] pixels, boolean marked) {
    public Image {
      if (channels != 1 && channels != 3) {
        throw new IllegalArgumentException("channels must be 1 or 3, got " + channels);
      }
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "height and width must be positive, got " + height + " and " + width);
      }
      checkSize(channels, height, width, pixels.length);
      pixels = pixels.clone();
    }

    /** From unsigned bytes. */
    public static Image of(int channels, int height, int width, byte[] pixels) {
      return new Image(channels, height, width, pixels, false);
    }

    /**
     * From floats: {@code low} becomes black and {@code high} white, what lies outside is clamped,
     * NaN is black.
     */
    public static Image of(
        int channels, int height, int width, float[] pixels, float low, float high) {
      if (!(low < high)) {
        throw new IllegalArgumentException("low must be < high, got " + low + " and " + high);
      }
      byte[] bytes = new byte[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        float unit = Math.max(0, Math.min(1, (pixels[i] - low) / (high - low)));
        bytes[i] = (byte) Math.round(255 * unit); // Math.round makes 0 of NaN
      }
      return of(channels, height, width, bytes);
    }

    /** This image with a red frame. */
    public Image asMarked() {
      return new Image(channels, height, width, pixels, true);
    }

    /** A copy. */
    @Override
    public byte[] pixels() {
      return pixels.clone();
    }

    private static void checkSize(int channels, int height, int width, int got) {
      long wanted = (long) channels * height * width;
      if (got != wanted) {
        throw new IllegalArgumentException(
            "pixels must be "
                + channels
                + "*"
                + height
                + "*"
                + width
                + " = "
                + wanted
                + ", got "
                + got);
      }
    }

    private int rgb(int row, int column) {
      int at = row * width + column;
      int plane = channels == 3 ? height * width : 0;
      int red = pixels[at] & 0xFF;
      int green = pixels[at + plane] & 0xFF;
      int blue = pixels[at + 2 * plane] & 0xFF;
      return red << 16 | green << 8 | blue;
    }
  }

  public ImageGrid {
    images = List.copyOf(images);
    rowLabels = List.copyOf(rowLabels);
    columnLabels = List.copyOf(columnLabels);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images must not be empty");
    }
    if (columns < 1 || scale < 1) {
      throw new IllegalArgumentException(
          "columns and scale must be >= 1, got " + columns + " and " + scale);
    }
    Image first = images.get(0);
    for (Image image : images) {
      if (image.height() != first.height() || image.width() != first.width()) {
        throw new IllegalArgumentException(
            "images must be of one size, got "
                + first.height()
                + "x"
                + first.width()
                + " and "
                + image.height()
                + "x"
                + image.width());
      }
    }
    int rows = (images.size() + columns - 1) / columns;
    if (!rowLabels.isEmpty() && rowLabels.size() != rows) {
      throw new IllegalArgumentException("rowLabels must be " + rows + ", got " + rowLabels.size());
    }
    if (!columnLabels.isEmpty() && columnLabels.size() != columns) {
      throw new IllegalArgumentException(
          "columnLabels must be " + columns + ", got " + columnLabels.size());
    }
  }

  /**
   * A grid without labels, enlarged until an image is at least {@value #SMALLEST} pixels wide and
   * high.
   */
  public static ImageGrid of(List<Image> images, int columns) {
    Objects.requireNonNull(images, "images");
    int size =
        images.stream().mapToInt(i -> Math.min(i.height(), i.width())).min().orElse(SMALLEST);
    return new ImageGrid(images, columns, (SMALLEST + size - 1) / size, List.of(), List.of());
  }

  /** This grid with a label before each row and above each column; either may be empty. */
  public ImageGrid labelled(List<String> rowLabels, List<String> columnLabels) {
    return new ImageGrid(images, columns, scale, rowLabels, columnLabels);
  }

  /**
   * Writes the picture as a PNG. The file appears complete or not at all; an earlier one is
   * replaced.
   *
   * @throws IOException when the file cannot be written
   */
  public void write(Path png) throws IOException {
    Fonts.require();
    PngFile.write(draw(), png);
  }

  BufferedImage draw() {
    FontMetrics metrics = metrics();
    int cellWidth = images.get(0).width() * scale + 2 * FRAME;
    int cellHeight = images.get(0).height() * scale + 2 * FRAME;
    for (String label : columnLabels) {
      cellWidth = Math.max(cellWidth, metrics.stringWidth(label));
    }
    int rows = (images.size() + columns - 1) / columns;
    int left = GAP + rowLabels.stream().mapToInt(l -> metrics.stringWidth(l) + GAP).max().orElse(0);
    int top = GAP + (columnLabels.isEmpty() ? 0 : metrics.getHeight() + GAP);
    BufferedImage picture =
        new BufferedImage(
            left + columns * (cellWidth + GAP),
            top + rows * (cellHeight + GAP),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    try {
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setFont(LABEL);
      g.setColor(Color.BLACK);
      for (int c = 0; c < columnLabels.size(); c++) {
        int room = cellWidth - metrics.stringWidth(columnLabels.get(c));
        g.drawString(
            columnLabels.get(c),
            left + c * (cellWidth + GAP) + room / 2,
            GAP + metrics.getAscent());
      }
      for (int r = 0; r < rowLabels.size(); r++) {
        int base = (cellHeight + metrics.getAscent() - metrics.getDescent()) / 2;
        int x = left - GAP - metrics.stringWidth(rowLabels.get(r));
        g.drawString(rowLabels.get(r), x, top + r * (cellHeight + GAP) + base);
      }
      for (int i = 0; i < images.size(); i++) {
        int side = (cellWidth - images.get(i).width() * scale) / 2;
        int x = left + i % columns * (cellWidth + GAP) + side;
        int y = top + i / columns * (cellHeight + GAP) + FRAME;
        drawImage(images.get(i), g, x, y);
      }
    } finally {
      g.dispose();
    }
    return picture;
  }

  private void drawImage(Image image, Graphics2D g, int x, int y) {
    BufferedImage pixels =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        pixels.setRGB(column, row, image.rgb(row, column));
      }
    }
    int width = image.width() * scale;
    int height = image.height() * scale;
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.drawImage(pixels, x, y, width, height, null);
    if (image.marked()) {
      g.setColor(MARK);
      g.setStroke(new BasicStroke(FRAME));
      g.drawRect(x - FRAME / 2, y - FRAME / 2, width + FRAME, height + FRAME);
    }
  }

  private static FontMetrics metrics() {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return g.getFontMetrics(LABEL);
    } finally {
      g.dispose();
    }
  }
}
