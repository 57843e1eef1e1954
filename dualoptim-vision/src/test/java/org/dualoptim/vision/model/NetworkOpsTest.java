package org.dualoptim.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
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
  void subsampleAndPadTakesEverySecondPixelBetweenChannelsOfZeros() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray x = trained(0, 1, 2, 3, 4, 5, 6, 7, 8).reshape(1, 1, 3, 3);
      NDArray y = NetworkOps.subsampleAndPad(x, 2);

      assertThat(y.getShape()).isEqualTo(new Shape(1, 5, 2, 2));
      float[] expected = new float[20];
      System.arraycopy(new float[] {0, 2, 6, 8}, 0, expected, 8, 4);
      assertThat(y.toFloatArray()).isEqualTo(expected);
      NDList gradients = TorchOps.grads(y.square().sum(), new NDList(x));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(0, 0, 4, 0, 0, 0, 12, 0, 16);
    }
  }

  private NDArray trained(float... values) {
    NDArray array = manager.create(values);
    array.setRequiresGradient(true);
    return array;
  }
}
