package org.dualoptim.core.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.dualoptim.core.recipe.Check;

/**
 * Room for one batch of images, used again and again by one thread: a direct buffer that an engine
 * can read without a Java copy.
 *
 * <p>After {@link BatchAssembler#fill}, {@link #bytes} holds count x H x W x C float32 values in
 * native order. Seen as [count, H, W, C] and permuted to [count, C, H, W], that is what torch calls
 * {@code channels_last}.
 */
public final class BatchBuffer {
  private final int capacity;
  private final ByteBuffer bytes;
  private final long[] labels;
  private final float[] scratch;
  private int count;

  /**
   * Allocates.
   *
   * @param capacity the largest batch, at least 1
   * @param images whose geometry the images have
   */
  public BatchBuffer(int capacity, ImageSet images) {
    Check.atLeast("capacity", 1, capacity);
    long size = (long) capacity * images.imageBytes() * Float.BYTES;
    Check.require(size <= Integer.MAX_VALUE, "capacity", "small enough for 2 GiB", capacity);
    this.capacity = capacity;
    this.bytes = ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
    this.labels = new long[capacity];
    this.scratch = new float[images.imageBytes()];
    clear();
  }

  /** The largest batch. */
  public int capacity() {
    return capacity;
  }

  /** How many images the last fill put here. */
  public int count() {
    return count;
  }

  /**
   * The images, position 0 to limit {@code count * H * W * C * 4}: this buffer's own memory, which
   * the next fill overwrites.
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** The class indices of the images, a copy. */
  public long[] labels() {
    return Arrays.copyOf(labels, count);
  }

  /** Empties the buffer. */
  void clear() {
    count = 0;
    bytes.position(0).limit(0);
  }

  /** One image as floats, to be filled before {@link #append}. */
  float[] scratch() {
    return scratch;
  }

  /** Puts {@link #scratch} behind the images that are here. */
  void append(int label) {
    int at = count * scratch.length;
    bytes.limit((at + scratch.length) * Float.BYTES);
    bytes.asFloatBuffer().put(at, scratch);
    labels[count++] = label;
  }
}
