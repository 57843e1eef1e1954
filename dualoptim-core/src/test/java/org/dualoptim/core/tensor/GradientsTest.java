package org.dualoptim.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class GradientsTest {

  /** Autograd hands one tensor to both summands; scaling the list in place would scale it twice. */
  @Test
  void parametersThatAreAddedGetGradientsOfTheirOwn() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray a = trained(manager, 1, 2);
      NDArray other = trained(manager, 5);
      NDArray b = trained(manager, 3, 4);

      NDArray loss = a.add(b).square().sum().add(other.sum());
      NDList gradients = TorchOps.grads(loss, new NDList(a, other, b));
      try (Scope update = Scope.detached(manager)) {
        TorchOps.scale(gradients, 0.5);
      }

      assertThat(gradients.get(0).toFloatArray()).containsExactly(4, 6);
      assertThat(gradients.get(1).toFloatArray()).containsExactly(0.5f);
      assertThat(gradients.get(2).toFloatArray()).containsExactly(4, 6);
    }
  }

  /** The gradient of one summand may be a view of the other's: reshaped, transposed, broadcast. */
  @Test
  void parametersThatAreAddedInOtherShapesGetGradientsOfTheirOwn() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray square = trained(manager, 1, 2, 3, 4).reshape(2, 2);
      NDArray flat = trained(manager, 5, 6, 7, 8);
      NDArray turned = trained(manager, 0, 1, 0, 1).reshape(2, 2);
      NDArray bias = trained(manager, 10);
      square.setRequiresGradient(true);
      turned.setRequiresGradient(true);
      NDList parameters = new NDList(square, flat, turned, bias);

      NDArray sum = square.add(flat.reshape(2, 2)).add(turned.transpose()).add(bias);
      NDList gradients = TorchOps.grads(sum.square().sum(), parameters);
      try (Scope update = Scope.detached(manager)) {
        TorchOps.scale(gradients, 0.5);
      }

      assertThat(gradients.get(0).toFloatArray()).containsExactly(16, 18, 21, 23);
      assertThat(gradients.get(1).toFloatArray()).containsExactly(16, 18, 21, 23);
      assertThat(gradients.get(2).toFloatArray()).containsExactly(16, 21, 18, 23);
      assertThat(gradients.get(3).toFloatArray()).containsExactly(78);
    }
  }

  @Test
  void aSingleParameterAndNaNAreGradientsLikeAnyOther() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray a = trained(manager, 1, 2);
      NDArray b = trained(manager, Float.NaN);

      assertThat(TorchOps.grads(a.square().sum(), new NDList(a)).get(0).toFloatArray())
          .containsExactly(2, 4);
      NDList gradients =
          TorchOps.grads(a.sum().add(b.square().sum()).mul(b.sum()), new NDList(a, b));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(Float.NaN, Float.NaN);
      assertThat(gradients.get(1).toFloatArray()).containsExactly(Float.NaN);
    }
  }

  private static NDArray trained(NDManager manager, float... values) {
    NDArray array = manager.create(values);
    array.setRequiresGradient(true);
    return array;
  }
}
