package org.dualoptim.vision.model;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.recipe.MayBeAbsent;
import org.dualoptim.core.tensor.NamedBlock;

/** A network as a recipe's {@code [model]} table describes it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Architecture {

  int numClasses();

  /** The network, not yet initialised; initial values will come from {@code random}. */
  NamedBlock create(RandomGenerator random);

  /**
   * {@link ResNet#resnet18}.
   *
   * @param numClasses number of classes
   * @param width channels of the first stage, 1 to 512, beyond which the last would outgrow an
   *     array; absent means the original's 64
   * @param mean channel means the input is normalised with; absent for none
   * @param std channel standard deviations; absent for none
   */
  record ResNet18(
      int numClasses, Integer width, @MayBeAbsent List<Double> mean, @MayBeAbsent List<Double> std)
      implements Architecture {
    private static final int ORIGINAL_WIDTH = 64;

    /** The last stage has 8 times as many channels; a layer's weights, their square times 9. */
    public static final int LARGEST_WIDTH = 512;

    public ResNet18 {
      check(numClasses, mean, std);
      Check.require(
          width == null || width >= 1 && width <= LARGEST_WIDTH,
          "width",
          "in 1.." + LARGEST_WIDTH,
          width);
    }

    @Override
    public NamedBlock create(RandomGenerator random) {
      return ResNet.resnet18(numClasses, width == null ? ORIGINAL_WIDTH : width, mean, std, random);
    }
  }

  /** {@link ResNet#cifar} with 20 layers. */
  record ResNet20s(int numClasses, @MayBeAbsent List<Double> mean, @MayBeAbsent List<Double> std)
      implements Architecture {
    public ResNet20s {
      check(numClasses, mean, std);
    }

    @Override
    public NamedBlock create(RandomGenerator random) {
      return ResNet.cifar(20, numClasses, mean, std, random);
    }
  }

  /** {@link ResNet#cifar} with 32 layers. */
  record ResNet32s(int numClasses, @MayBeAbsent List<Double> mean, @MayBeAbsent List<Double> std)
      implements Architecture {
    public ResNet32s {
      check(numClasses, mean, std);
    }

    @Override
    public NamedBlock create(RandomGenerator random) {
      return ResNet.cifar(32, numClasses, mean, std, random);
    }
  }

  /** {@link ResNet#cifar} with 44 layers. */
  record ResNet44s(int numClasses, @MayBeAbsent List<Double> mean, @MayBeAbsent List<Double> std)
      implements Architecture {
    public ResNet44s {
      check(numClasses, mean, std);
    }

    @Override
    public NamedBlock create(RandomGenerator random) {
      return ResNet.cifar(44, numClasses, mean, std, random);
    }
  }

  /** {@link ResNet#cifar} with 56 layers. */
  record ResNet56s(int numClasses, @MayBeAbsent List<Double> mean, @MayBeAbsent List<Double> std)
      implements Architecture {
    public ResNet56s {
      check(numClasses, mean, std);
    }

    @Override
    public NamedBlock create(RandomGenerator random) {
      return ResNet.cifar(56, numClasses, mean, std, random);
    }
  }

  private static void check(int numClasses, List<Double> mean, List<Double> std) {
    int most = 100_000; // beyond every data set, and before the last layer outgrows an array
    Check.require(
        numClasses >= 1 && numClasses <= most, "num_classes", "in 1.." + most, numClasses);
    if ((mean == null) != (std == null) || mean != null && (mean.size() != 3 || std.size() != 3)) {
      throw new IllegalArgumentException("mean and std must both be absent, or three numbers each");
    }
    if (mean != null) {
      mean.forEach(value -> Check.finite("mean", value));
      std.forEach(value -> Check.positive("std", value));
    }
  }
}
