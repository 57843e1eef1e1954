package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.TensorSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  // golden/softmax.py: flat, spread and saturated rows, subnormal probabilities, whole vectors and
  // remainders, and at 600 classes a second level of sums
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 8, 10, 33, 100, 600})
  void everyBitIsTorchs(int classes) throws IOException, URISyntaxException {
    Path file = Path.of(SoftmaxTest.class.getResource("/golden/softmax.safetensors").toURI());
    try (TensorSource golden = Safetensors.open(file)) {
      float[] logits = golden.tensor("logits/" + classes).floats();
      float[] p = golden.tensor("p/" + classes).floats();
      float[] entropy = golden.tensor("entropy/" + classes).floats();
      for (int i = 0; i < entropy.length; i++) {
        float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
        float[] ours = Softmax.of(new float[][] {row})[0];
        assertThat(ours).containsExactly(Arrays.copyOfRange(p, i * classes, (i + 1) * classes));
        assertThat(Softmax.entropy(ours)).isEqualTo(Math.abs(entropy[i])); // torch's 0 is -0
      }
    }
  }

  private static float entropy(float... logits) {
    return Softmax.entropy(Softmax.of(new float[][] {logits})[0]);
  }
}
