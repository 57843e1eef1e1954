package org.dualoptim.core.image;

import java.util.Arrays;
import java.util.List;
import org.dualoptim.core.recipe.Check;

/**
 * The statistics that turn a pixel x in 0..1 into {@code (x - mean) / std}, channel by channel. The
 * networks here do this in their first layer, so images stay in 0..1 until then.
 *
 * @param mean one number per channel
 * @param std one positive number per channel
 */
public record Normalization(List<Double> mean, List<Double> std) {

  /** Copies the lists and checks them. */
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Check.require(
        std.size() == mean.size(), "std", "as long as mean (" + mean.size() + ")", std.size());
    Check.require(std.stream().allMatch(s -> s > 0 && Double.isFinite(s)), "std", "positive", std);
    Check.require(mean.stream().allMatch(Double::isFinite), "mean", "finite", mean);
  }

  /**
   * The population mean and standard deviation over every pixel of a set, per channel, from exact
   * integer sums of the bytes divided by 255 at the end.
   *
   * @param images at least one image; a channel that is constant gets std 1, which leaves it as it
   *     is
   */
  public static Normalization of(ImageSet images) {
    Check.require(images.size() > 0, "images", "a set of at least one image", 0);
    int channels = images.channels();
    int plane = images.height() * images.width();
    long[] sum = new long[channels];
    long[] squares = new long[channels];
    byte[] pixels = images.pixels();
    for (int i = 0; i < images.size(); i++) {
      int at = images.offset(i);
      for (int c = 0; c < channels; c++) {
        for (int end = at + plane; at < end; at++) {
          int value = pixels[at] & 0xff;
          sum[c] += value;
          squares[c] += (long) value * value;
        }
      }
    }
    double count = (double) plane * images.size();
    Double[] mean = new Double[channels];
    Double[] std = new Double[channels];
    for (int c = 0; c < channels; c++) {
      double m = sum[c] / count;
      double variance = squares[c] / count - m * m;
      mean[c] = m / 255;
      std[c] = variance > 1e-9 ? Math.sqrt(variance) / 255 : 1;
    }
    return new Normalization(Arrays.asList(mean), Arrays.asList(std));
  }
}
