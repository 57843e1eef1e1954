package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoftmaxTest {

  @Test
  void hugeLogitsDoNotOverflow() {
    float[] p = Softmax.of(new float[][] {{1000, 999, -1000}})[0];
    assertThat(p[0]).isCloseTo(0.7310586f, within(1e-6f)); // 1 / (1 + 1/e)
    assertThat(p[2]).isZero();
  }

  @Test
  void certaintyHasEntropyZeroAndIgnoranceTheLogarithmOfTheClasses() {
    assertThat(entropy(200, 0, 0, 0)).isZero();
    assertThat(entropy(3, 3, 3, 3)).isCloseTo((float) Math.log(4), within(1e-6f));
  }

  private static float entropy(float... logits) {
    return Softmax.entropy(Softmax.of(new float[][] {logits})[0]);
  }
}
