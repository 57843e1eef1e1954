package org.dualoptim.core.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

/**
 * First and last elements of parameters of the 334 of the CIFAR-10 U-Net, as PyTorch 1.13 filled
 * them.
 */
class FillRuleTest {

  @Test
  void embeddingsKernelsAndScalesHaveTheValuesOfTheReference() {
    check("null_classes_emb", new Shape(128), 0, 0.440526, 0.157606);
    check("conv_in.weight", new Shape(128, 3, 3, 3), 10, 0.259242, 0.018659);
    check("norm_out.weight", new Shape(128), 330, 0.995810, 1.034355);
  }

  private static void check(String name, Shape shape, int i, double first, double last) {
    float[] values = FillRule.values(name, shape, i);

    assertThat((double) values[0]).as(name).isCloseTo(first, within(1e-6));
    assertThat((double) values[values.length - 1]).as(name).isCloseTo(last, within(1e-6));
  }
}
