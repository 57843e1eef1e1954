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
      NDArray a = manager.create(new float[] {1, 2});
      NDArray b = manager.create(new float[] {3, 4});
      a.setRequiresGradient(true);
      b.setRequiresGradient(true);

      NDList gradients = TorchOps.grads(a.add(b).square().sum(), new NDList(a, b));
      try (Scope update = Scope.detached(manager)) {
        TorchOps.scale(gradients, 0.5);
      }

      assertThat(gradients.get(0).toFloatArray()).containsExactly(4, 6);
      assertThat(gradients.get(1).toFloatArray()).containsExactly(4, 6);
    }
  }
}
