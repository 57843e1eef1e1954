package org.dualoptim.core.image;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.random.RandomGenerator;
import org.dualoptim.core.recipe.Check;

/**
 * How an image is varied each time a training step sees it: the {@code augmentation} table of a
 * recipe's {@code [data]}. Evaluation uses {@link None}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Augmentation {

  /**
   * Where the picture taken of an image begins: output pixel (y, x) shows input pixel {@code (y +
   * top, x + left)}, or black where that is outside, and the output is then mirrored or not.
   *
   * @param top rows, negative for a black margin above
   * @param left columns, negative for a black margin on the left
   * @param mirrored whether left and right are exchanged
   */
  record Crop(int top, int left, boolean mirrored) {
    /** The image as it is. */
    static final Crop WHOLE = new Crop(0, 0, false);
  }

  /**
   * The variation of one image: a pure function of what the generator yields.
   *
   * @param random the generator of this image in this pass
   */
  Crop crop(RandomGenerator random);

  /** Images as they are; draws nothing. */
  record None() implements Augmentation {
    @Override
    public Crop crop(RandomGenerator random) {
      return Crop.WHOLE;
    }
  }

  /**
   * Black pixels on every side, a uniform crop of the original size, then a mirror: torchvision's
   * {@code RandomCrop(size, padding=pad)} and {@code RandomHorizontalFlip(flip)}. Padding happens
   * on raw pixels, so after the network has normalised them the margin is {@code -mean / std}.
   * Draws the row, the column and the mirror, in this order.
   *
   * @param pad pixels on each side; 4 in the paper
   * @param flip chance of the mirror in [0, 1]; 0.5 in the paper
   */
  record PadCropFlip(int pad, double flip) implements Augmentation {

    /** Checks the values. */
    public PadCropFlip {
      Check.require(pad >= 0 && pad <= 256, "pad", "in [0, 256]", pad);
      Check.between("flip", 0, 1, flip);
    }

    @Override
    public Crop crop(RandomGenerator random) {
      int top = random.nextInt(2 * pad + 1) - pad;
      int left = random.nextInt(2 * pad + 1) - pad;
      return new Crop(top, left, random.nextDouble() < flip);
    }
  }
}
