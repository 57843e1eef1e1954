package org.dualoptim.core.image;

import java.util.List;
import org.dualoptim.core.recipe.Check;

/**
 * A data set as its source defines it, before any split of ours.
 *
 * @param train the training images, in the source's order
 * @param test the test images, of the same size and with the same classes
 * @param normalization the statistics published with the data set, or those of {@code train} where
 *     none are published
 */
public record ImageData(ImageSet train, ImageSet test, Normalization normalization) {

  /** Checks that the two sets and the statistics belong together. */
  public ImageData {
    if (!train.geometry().equals(test.geometry())) {
      throw new IllegalArgumentException(
          "test images must be "
              + train.geometry()
              + " as the training images are, got "
              + test.geometry());
    }
    if (!train.classes().equals(test.classes())) {
      throw new IllegalArgumentException(
          "test classes must be those of the training set, got " + test.classes());
    }
    Check.require(
        normalization.mean().size() == train.channels(),
        "normalization",
        "of " + train.channels() + " channels",
        normalization.mean().size());
  }

  /** Class names in the order of the labels. */
  public List<String> classes() {
    return train.classes();
  }
}
