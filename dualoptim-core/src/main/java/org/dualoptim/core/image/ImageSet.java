package org.dualoptim.core.image;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.dualoptim.core.recipe.Check;

/**
 * Labelled images of one size in host memory. {@link #subset} shares the pixels: a set is a list of
 * rows over a store, and forgetting an image means to list every row but that one.
 *
 * <p>Store layout: unsigned bytes N x C x H x W, image after image, plane after plane (red, green,
 * blue), row-major. Immutable as long as nobody writes to {@link #pixels}; safe to read from many
 * threads.
 */
public final class ImageSet {
  /** The longest array that every JVM can make. */
  private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 8L;

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] pixels;
  private final int[] storedLabels;
  private final int[] rows;
  private final List<String> classes;

  /**
   * All images of a store.
   *
   * @param channels C, at least 1
   * @param height H, at least 1
   * @param width W, at least 1
   * @param pixels N x C x H x W, owned by the set from now on
   * @param labels N class indices, copied
   * @param classes class names; a label is a position in this list
   * @throws IllegalArgumentException if the lengths disagree or a label has no class
   */
  public ImageSet(
      int channels, int height, int width, byte[] pixels, int[] labels, List<String> classes) {
    this(
        channels,
        height,
        width,
        Objects.requireNonNull(pixels, "pixels"),
        labels.clone(),
        ascending(labels.length),
        List.copyOf(classes));
    Check.atLeast("channels", 1, channels);
    Check.atLeast("height", 1, height);
    Check.atLeast("width", 1, width);
    long expected = (long) labels.length * imageBytes();
    Check.require(
        pixels.length == expected,
        "pixels",
        expected + " bytes (" + labels.length + " images of " + geometry() + ")",
        pixels.length);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            "label of image "
                + i
                + " must be in 0.."
                + (classes.size() - 1)
                + ", got "
                + labels[i]);
      }
    }
  }

  private ImageSet(
      int channels,
      int height,
      int width,
      byte[] pixels,
      int[] storedLabels,
      int[] rows,
      List<String> classes) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pixels = pixels;
    this.storedLabels = storedLabels;
    this.rows = rows;
    this.classes = classes;
  }

  /**
   * Room for the pixels of a store.
   *
   * @return an array of images * channels * height * width bytes
   * @throws IllegalArgumentException if that is more than one Java array holds (2 GiB)
   */
  static byte[] allocate(long images, int channels, int height, int width) {
    long bytes = images * ((long) channels * height * width);
    if (bytes > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          images
              + " images of "
              + geometry(channels, height, width)
              + " do not fit the 2 GiB of one image set; use fewer or smaller images");
    }
    return new byte[(int) bytes];
  }

  /** How many images. */
  public int size() {
    return rows.length;
  }

  /** Planes per image, C. */
  public int channels() {
    return channels;
  }

  /** Rows per image, H. */
  public int height() {
    return height;
  }

  /** Pixels per row, W. */
  public int width() {
    return width;
  }

  /** Bytes of one image, C * H * W. */
  public int imageBytes() {
    return channels * height * width;
  }

  /** The size of an image in words, {@code 3x32x32}. */
  public String geometry() {
    return geometry(channels, height, width);
  }

  private static String geometry(int channels, int height, int width) {
    return channels + "x" + height + "x" + width;
  }

  /** Class names in the order of the labels. */
  public List<String> classes() {
    return classes;
  }

  /** The class index of image i of this set. */
  public int label(int i) {
    return storedLabels[rows[i]];
  }

  /** The class indices of all images of this set, a copy. */
  public int[] labels() {
    return Arrays.stream(rows).map(row -> storedLabels[row]).toArray();
  }

  /**
   * The store that this set shares with every {@link #subset} of it; to be read only. Image i of
   * this set begins at {@link #offset offset(i)}.
   */
  public byte[] pixels() {
    return pixels;
  }

  /** Where image i of this set begins in {@link #pixels}. */
  public int offset(int i) {
    return rows[i] * imageBytes();
  }

  /** Which image of the store image i of this set is: its dataset index. */
  public int row(int i) {
    return rows[i];
  }

  /**
   * Some images of this set, in the given order, on the same pixels.
   *
   * @param positions positions in this set (not in the store); may repeat
   * @throws IndexOutOfBoundsException if a position is outside this set
   */
  public ImageSet subset(int[] positions) {
    int[] chosen = new int[positions.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = rows[Objects.checkIndex(positions[i], rows.length)];
    }
    return new ImageSet(channels, height, width, pixels, storedLabels, chosen, classes);
  }

  private static int[] ascending(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }

  @Override
  public String toString() {
    return size() + " images of " + geometry() + " in " + classes.size() + " classes";
  }
}
