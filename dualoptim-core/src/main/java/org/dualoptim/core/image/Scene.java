package org.dualoptim.core.image;

import java.util.random.RandomGenerator;

/**
 * How one picture of {@link Shapes} is composed, back to front: a shaded background, strokes and
 * small figures, the figure that gives the class, a few strokes across it, noise.
 *
 * <p>Only {@code nextDouble} is drawn: its value is specified bit for bit, unlike that of bounded
 * integers and Gaussians.
 */
final class Scene {
  private static final double TWO_PI = 2 * Math.PI;

  private final RandomGenerator random;
  private final double clutter;

  Scene(RandomGenerator random, double clutter) {
    this.random = random;
    this.clutter = clutter;
  }

  void paint(Figure figure, Canvas canvas) {
    double[] ground = color(0.15, 0.85);
    background(canvas, ground);
    int behind = (int) (clutter * (2 + 4 * random.nextDouble()));
    for (int i = 0; i < behind; i++) {
      stroke(canvas, 0.5);
    }
    double radius = between(0.27, 0.4);
    double x = between(radius, 1 - radius);
    double y = between(radius, 1 - radius);
    int small = (int) (clutter * (1 + 4 * random.nextDouble()));
    for (int i = 0; i < small; i++) {
      smallFigure(canvas, x, y, radius);
    }
    double angle = between(-0.5, 0.5);
    canvas.paint(
        Canvas.figure(figure, x, y, radius, angle),
        x,
        y,
        radius,
        contrasting(ground, 0.75 - 0.3 * clutter),
        1 - 0.3 * clutter * random.nextDouble());
    int across = (int) (clutter * 3 * random.nextDouble());
    for (int i = 0; i < across; i++) {
      stroke(canvas, 0.8);
    }
    double amplitude = 0.16 * clutter;
    canvas.add(() -> amplitude * (random.nextDouble() + random.nextDouble() - 1));
  }

  /** A plane wave and a slope about the ground colour, different in each channel. */
  private void background(Canvas canvas, double[] ground) {
    double depth = 0.05 + 0.15 * clutter;
    double angle = random.nextDouble() * TWO_PI;
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double waves = between(1, 4) * TWO_PI;
    double phase = random.nextDouble() * TWO_PI;
    double[] wave = {between(-depth, depth), between(-depth, depth), between(-depth, depth)};
    double[] slope = {between(-depth, depth), between(-depth, depth), between(-depth, depth)};
    canvas.fill(
        (c, x, y) ->
            ground[c]
                + wave[c] * StrictMath.sin(waves * (cos * x + sin * y) + phase)
                + slope[c] * 2 * (sin * (x - 0.5) - cos * (y - 0.5)));
  }

  private void stroke(Canvas canvas, double opacity) {
    double x0 = random.nextDouble();
    double y0 = random.nextDouble();
    double x1 = random.nextDouble();
    double y1 = random.nextDouble();
    double halfWidth = between(0.01, 0.03);
    Canvas.Region region = Canvas.stroke(x0, y0, x1, y1, halfWidth);
    double reach = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / 2 + halfWidth;
    canvas.paint(region, (x0 + x1) / 2, (y0 + y1) / 2, reach, color(0, 1), opacity);
  }

  /** A figure of any class, less than half as large as the main one and beside its middle. */
  private void smallFigure(Canvas canvas, double mainX, double mainY, double mainRadius) {
    Figure[] all = Figure.values();
    Figure figure = all[(int) (random.nextDouble() * all.length)];
    double angle = random.nextDouble() * TWO_PI;
    double radius = mainRadius * between(0.25, 0.45);
    double away = mainRadius * between(0.9, 2);
    double x = mainX + away * StrictMath.cos(angle);
    double y = mainY + away * StrictMath.sin(angle);
    Canvas.Region region = Canvas.figure(figure, x, y, radius, random.nextDouble() * TWO_PI);
    canvas.paint(region, x, y, radius, color(0, 1), 0.8);
  }

  private double[] color(double low, double high) {
    return new double[] {between(low, high), between(low, high), between(low, high)};
  }

  /** A colour whose largest channel difference from another is at least {@code contrast}. */
  private double[] contrasting(double[] other, double contrast) {
    double[] color = color(0, 1);
    int channel = (int) (random.nextDouble() * 3);
    double far = other[channel] < 0.5 ? 1 - other[channel] : -other[channel];
    double shift = Math.signum(far) * Math.min(Math.abs(far), between(contrast, 1));
    color[channel] = other[channel] + shift;
    return color;
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
