package org.dualoptim.core.image;

import java.util.function.DoubleSupplier;

/**
 * A square picture of three channels in 0..1, painted in the unit square and stored planar. Only +,
 * -, *, / and square roots of doubles are used, and StrictMath for sines, so that every machine
 * paints the same bytes. Outlines are smoothed by 3 x 3 samples per pixel.
 */
final class Canvas {
  private static final int SAMPLES = 3;

  private final int size;
  private final double[] values;

  Canvas(int size) {
    this.size = size;
    this.values = new double[3 * size * size];
  }

  /** What a layer covers: true inside. Coordinates in the unit square, y down. */
  interface Region {
    boolean contains(double x, double y);
  }

  /** A colour for a point of the unit square. */
  interface Paint {
    double at(int channel, double x, double y);
  }

  /** A figure at a place: centre and radius in units of the picture, angle in radians. */
  static Region figure(Figure figure, double x, double y, double radius, double angle) {
    double cos = StrictMath.cos(angle) / radius;
    double sin = StrictMath.sin(angle) / radius;
    return (px, py) -> {
      double dx = px - x;
      double dy = py - y;
      return figure.distance(cos * dx + sin * dy, cos * dy - sin * dx) < 0;
    };
  }

  /** A straight stroke between two points. */
  static Region stroke(double x0, double y0, double x1, double y1, double halfWidth) {
    double dx = x1 - x0;
    double dy = y1 - y0;
    double squaredLength = Math.max(dx * dx + dy * dy, 1e-12);
    return (px, py) -> {
      double along = ((px - x0) * dx + (py - y0) * dy) / squaredLength;
      double t = Math.max(0, Math.min(1, along));
      double ox = px - x0 - t * dx;
      double oy = py - y0 - t * dy;
      return ox * ox + oy * oy < halfWidth * halfWidth;
    };
  }

  /** Paints every pixel. */
  void fill(Paint paint) {
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        for (int c = 0; c < 3; c++) {
          values[index(c, x, y)] = paint.at(c, (x + 0.5) / size, (y + 0.5) / size);
        }
      }
    }
  }

  /**
   * Paints a region over what is there.
   *
   * @param centreX middle of a square that holds the region
   * @param centreY same
   * @param reach half the side of that square
   * @param color three channels
   * @param opacity 0..1
   */
  void paint(
      Region region, double centreX, double centreY, double reach, double[] color, double opacity) {
    int left = pixel(centreX - reach);
    int right = pixel(centreX + reach);
    int top = pixel(centreY - reach);
    int bottom = pixel(centreY + reach);
    double step = 1.0 / (size * SAMPLES);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        int hits = 0;
        for (int sy = 0; sy < SAMPLES; sy++) {
          for (int sx = 0; sx < SAMPLES; sx++) {
            if (region.contains((x * SAMPLES + sx + 0.5) * step, (y * SAMPLES + sy + 0.5) * step)) {
              hits++;
            }
          }
        }
        if (hits > 0) {
          double cover = opacity * hits / (SAMPLES * SAMPLES);
          for (int c = 0; c < 3; c++) {
            int at = index(c, x, y);
            values[at] += cover * (color[c] - values[at]);
          }
        }
      }
    }
  }

  /** Adds a number to every value, drawn plane after plane. */
  void add(DoubleSupplier noise) {
    for (int i = 0; i < values.length; i++) {
      values[i] += noise.getAsDouble();
    }
  }

  /** Writes the planes as bytes, rounded and clamped, from {@code offset} on. */
  void copyTo(byte[] pixels, int offset) {
    for (int i = 0; i < values.length; i++) {
      double value = Math.max(0, Math.min(1, values[i]));
      pixels[offset + i] = (byte) (int) (255 * value + 0.5);
    }
  }

  private int pixel(double coordinate) {
    return (int) Math.max(0, Math.min(size - 1, coordinate * size));
  }

  private int index(int channel, int x, int y) {
    return (channel * size + y) * size + x;
  }
}
