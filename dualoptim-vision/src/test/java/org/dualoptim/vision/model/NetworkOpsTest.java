package org.dualoptim.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkOpsTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void reluTakesItsArgumentOverAndItsGradientIsThatOfTheInput() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray x = trained(-1, 2, 0, 3);
      NDArray doubled = x.mul(2);
      NDArray rectified = NetworkOps.relu(doubled);

      assertThat(rectified.toFloatArray()).containsExactly(0, 4, 0, 6);
      assertThatThrownBy(doubled::toFloatArray).isInstanceOf(IllegalStateException.class);
      NDList gradients = TorchOps.grads(rectified.square().sum(), new NDList(x));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(0, 16, 0, 24);
    }
  }

  @Test
  void addReluLeavesTheShortcutAsItIsAndPassesTheGradientToBoth() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray x = trained(-1, 2, -5);
      NDArray shortcut = trained(3, -4, 6);
      NDArray sum = NetworkOps.addRelu(x.mul(1), shortcut);

      assertThat(sum.toFloatArray()).containsExactly(2, 0, 1);
      assertThat(shortcut.toFloatArray()).containsExactly(3, -4, 6);
      NDList gradients = TorchOps.grads(sum.square().sum(), new NDList(x, shortcut));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(4, 0, 2);
      assertThat(gradients.get(1).toFloatArray()).containsExactly(4, 0, 2);
    }
  }

  @Test
  void everySecondPixelBetweenChannelsOfZeros() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray x = trained(0, 1, 2, 3, 4, 5, 6, 7, 8).reshape(1, 1, 3, 3);
      NDArray y = NetworkOps.padChannels(NetworkOps.everySecond(x), 2);

      assertThat(y.getShape()).isEqualTo(new Shape(1, 5, 2, 2));
      float[] expected = new float[20];
      System.arraycopy(new float[] {0, 2, 6, 8}, 0, expected, 8, 4);
      assertThat(y.toFloatArray()).isEqualTo(expected);
      NDList gradients = TorchOps.grads(y.square().sum(), new NDList(x));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(0, 0, 4, 0, 0, 0, 12, 0, 16);
    }
  }

  @Test
  void conv4x4IsTheDirectConvolutionInValuesAndGradients() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray x = TorchOps.channelsLast(manager.randomNormal(new Shape(3, 5, 4, 4)));
      NDArray w = TorchOps.channelsLast(manager.randomNormal(new Shape(7, 5, 3, 3)));
      x.setRequiresGradient(true);
      w.setRequiresGradient(true);
      NDArray weights = manager.randomNormal(new Shape(3, 7, 4, 4));
      Shape one = new Shape(1, 1);
      NDArray direct = Conv2d.conv2d(x, w, null, one, one, one, 1).singletonOrThrow();
      NDArray products = NetworkOps.conv4x4(x, w);

      assertThat(TorchOps.strides(products)).containsExactly(112, 1, 28, 7);
      assertClose(products, direct);
      NDList expected = TorchOps.grads(direct.mul(weights).sum(), new NDList(x, w));
      NDList gradients = TorchOps.grads(products.mul(weights).sum(), new NDList(x, w));
      assertClose(gradients.get(0), expected.get(0));
      assertClose(gradients.get(1), expected.get(1));
    }
  }

  private static void assertClose(NDArray got, NDArray want) {
    assertThat(got.getShape()).isEqualTo(want.getShape());
    assertThat(got.toFloatArray()).containsExactly(want.toFloatArray(), within(2e-5f));
  }

  private NDArray trained(float... values) {
    NDArray array = manager.create(values);
    array.setRequiresGradient(true);
    return array;
  }
}
