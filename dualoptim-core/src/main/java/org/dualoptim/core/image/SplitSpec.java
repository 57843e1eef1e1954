package org.dualoptim.core.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.dualoptim.core.recipe.Check;

/**
 * How a training set is divided: the {@code split} table of a recipe's {@code [data]}. The seed is
 * the trial's.
 *
 * @param kind which split seed pretraining uses
 * @param validationFraction share of each class, rounded down, that is held out of training; 0.1
 *     for CIFAR and SVHN, 0 for TinyImageNet in the paper
 * @param forgetCount how many images to forget; may be absent if {@code forget_class} is given,
 *     then all of that class
 * @param forgetClass the class to forget from; absent to draw from all classes alike
 */
public record SplitSpec(
    Kind kind, double validationFraction, Integer forgetCount, Integer forgetClass) {

  /** Which split seed pretraining uses; unlearning and retraining use the trial's. */
  public enum Kind {
    /**
     * Seed 1 in every trial, as the published tables: about a tenth of the images of another seed's
     * training set, and so of its forget set, were held out of pretraining.
     */
    @JsonProperty("as-published")
    AS_PUBLISHED,
    /** The trial's own: everything that is to be forgotten was learned. */
    @JsonProperty("clean")
    CLEAN
  }

  /** Checks the values. */
  public SplitSpec {
    Objects.requireNonNull(kind, "kind");
    Check.require(
        validationFraction >= 0 && validationFraction < 1,
        "validation_fraction",
        "in [0, 1)",
        validationFraction);
    if (forgetCount != null) {
      Check.atLeast("forget_count", 1, forgetCount);
    } else if (forgetClass == null) {
      throw new IllegalArgumentException(
          "forget_count must be given unless forget_class is, got neither");
    }
    if (forgetClass != null) {
      Check.atLeast("forget_class", 0, forgetClass);
    }
  }
}
