package org.dualoptim.core.image;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** An image file, decoded to 8-bit red, green and blue. */
final class RgbImage {
  /** A header that asks for more than this is not believed: 64 megapixels. */
  private static final long MOST_PIXELS = 64L << 20;

  /**
   * How ImageIO's warnings begin where a JPEG's data end early or make no sense: it fills the rest
   * with grey and goes on. Other warnings are about colour profiles and versions.
   */
  private static final List<String> GUESSED_PIXELS = List.of("Truncated File", "Corrupt JPEG data");

  private final BufferedImage rgb;

  private RgbImage(BufferedImage rgb) {
    this.rgb = rgb;
  }

  /**
   * Decodes a file with ImageIO. Grey samples are used as they are, without a colour conversion,
   * and become three equal channels; transparency is dropped.
   *
   * @throws IOException one sentence that names the file
   */
  static RgbImage read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw unreadable(file, "it is not a PNG, JPEG or BMP image", null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw unreadable(file, "its header claims " + pixels + " pixels", null);
        }
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        for (String warning : warnings) {
          if (GUESSED_PIXELS.stream().anyMatch(warning::startsWith)) {
            throw unreadable(file, "it is cut short or damaged (" + warning + ")", null);
          }
        }
        return new RgbImage(toRgb(image));
      } finally {
        reader.dispose();
      }
    } catch (UnreadableImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // ImageIO's decoders throw both on broken files
      throw unreadable(file, "it is damaged or of a kind that Java does not decode", e);
    }
  }

  private static UnreadableImageException unreadable(Path file, String why, Exception cause) {
    return new UnreadableImageException(
        "cannot read the image " + file + ": " + why + "; replace or remove it", cause);
  }

  private static final class UnreadableImageException extends IOException {
    UnreadableImageException(String message, Exception cause) {
      super(message, cause);
    }
  }

  private static BufferedImage toRgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Raster raster = image.getRaster();
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    boolean grey =
        raster.getNumBands() <= 2
            && shift >= 0
            && !(image.getColorModel() instanceof IndexColorModel);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        // getRGB would take linear grey to sRGB and so change every value
        int color = grey ? 0x010101 * (raster.getSample(x, y, 0) >> shift) : image.getRGB(x, y);
        rgb.setRGB(x, y, color);
      }
    }
    return rgb;
  }

  int width() {
    return rgb.getWidth();
  }

  int height() {
    return rgb.getHeight();
  }

  /** The middle of this image, scaled so that its shorter side has {@code side} pixels. */
  RgbImage square(int side) {
    BufferedImage from = rgb;
    while (Math.min(from.getWidth(), from.getHeight()) > 2 * side) {
      int width = (from.getWidth() + 1) / 2;
      int height = (from.getHeight() + 1) / 2;
      from = scaled(from, width, height, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    }
    if (from.getWidth() == side && from.getHeight() == side) {
      return new RgbImage(from);
    }
    double factor = (double) side / Math.min(from.getWidth(), from.getHeight());
    int width = Math.max(side, (int) Math.round(factor * from.getWidth()));
    int height = Math.max(side, (int) Math.round(factor * from.getHeight()));
    BufferedImage to = scaled(from, width, height, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    return new RgbImage(to.getSubimage((width - side) / 2, (height - side) / 2, side, side));
  }

  private static BufferedImage scaled(BufferedImage from, int width, int height, Object hint) {
    BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = to.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, hint);
      graphics.drawImage(from, 0, 0, width, height, null);
    } finally {
      graphics.dispose();
    }
    return to;
  }

  /** Writes the red, green and blue plane, row-major, from {@code offset} on. */
  void copyPlanes(byte[] pixels, int offset) {
    int plane = width() * height();
    for (int y = 0; y < height(); y++) {
      for (int x = 0; x < width(); x++) {
        int color = rgb.getRGB(x, y);
        int at = offset + y * width() + x;
        pixels[at] = (byte) (color >> 16);
        pixels[at + plane] = (byte) (color >> 8);
        pixels[at + 2 * plane] = (byte) color;
      }
    }
  }
}
