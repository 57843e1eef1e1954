package org.dualoptim.core.image;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * Turns rows of an {@link ImageSet} into batches of float32 in 0..1 (byte / 255), channels last,
 * varied by an {@link Augmentation}.
 *
 * <p>Stateless: many threads may fill batches at once, each with a {@link BatchBuffer} of its own.
 *
 * @param images what the order's positions refer to
 * @param augmentation how each image is varied
 */
public record BatchAssembler(ImageSet images, Augmentation augmentation) {
  private static final float[] UNIT = new float[256];

  static {
    for (int value = 0; value < UNIT.length; value++) {
      UNIT[value] = value / 255f;
    }
  }

  /** Checks that both are there. */
  public BatchAssembler {
    Objects.requireNonNull(images, "images");
    Objects.requireNonNull(augmentation, "augmentation");
  }

  /**
   * Fills a buffer with the images {@code order[from..to)}.
   *
   * <p>Image {@code order[k]} is varied by {@code draws.apply(k)}: what an image looks like depends
   * on its place in the pass and never on how the pass is cut into batches.
   *
   * @param order positions in {@link #images}, in the order of the pass
   * @param from first place of the pass, inclusive
   * @param to last place, exclusive
   * @param draws place in the pass to a fresh generator, for instance {@code k ->
   *     draws.at("augment", pass, k)}
   * @param into overwritten; made for images of this geometry
   * @throws IllegalArgumentException if the buffer is too small or of another geometry
   */
  public void fill(
      int[] order,
      int from,
      int to,
      LongFunction<? extends RandomGenerator> draws,
      BatchBuffer into) {
    Objects.checkFromToIndex(from, to, order.length);
    if (to - from > into.capacity()) {
      throw new IllegalArgumentException(
          "a batch of "
              + (to - from)
              + " images does not fit a buffer for "
              + into.capacity()
              + "; allocate a larger one");
    }
    if (into.scratch().length != images.imageBytes()) {
      throw new IllegalArgumentException(
          "the buffer holds images of "
              + into.scratch().length
              + " values, but images of "
              + images.geometry()
              + " have "
              + images.imageBytes()
              + "; allocate one for this set");
    }
    into.clear();
    for (int k = from; k < to; k++) {
      int image = order[k];
      copy(images.offset(image), augmentation.crop(draws.apply(k)), into.scratch());
      into.append(images.label(image));
    }
  }

  /** Planar bytes to interleaved floats, one output row after another. */
  private void copy(int offset, Augmentation.Crop crop, float[] out) {
    int channels = images.channels();
    int height = images.height();
    int width = images.width();
    int plane = height * width;
    byte[] pixels = images.pixels();
    // columns of the uncropped output that show a pixel of the image
    int first = Math.min(width, Math.max(0, -crop.left()));
    int end = Math.max(first, Math.min(width, width - crop.left()));
    if (crop.top() != 0 || crop.left() != 0) {
      Arrays.fill(out, 0);
    }
    int step = crop.mirrored() ? -channels : channels;
    for (int y = 0; y < height; y++) {
      int source = y + crop.top();
      if (source < 0 || source >= height) {
        continue;
      }
      int column = crop.mirrored() ? width - 1 - first : first;
      for (int c = 0; c < channels; c++) {
        int to = (y * width + column) * channels + c;
        int at = offset + c * plane + source * width + crop.left();
        for (int x = first; x < end; x++) {
          out[to] = UNIT[pixels[at + x] & 0xff];
          to += step;
        }
      }
    }
  }
}
