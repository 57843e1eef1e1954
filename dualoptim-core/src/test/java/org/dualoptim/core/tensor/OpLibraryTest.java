package org.dualoptim.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

/** A module can bring operators of its own, which the core's do not get in the way of. */
class OpLibraryTest {
  private static final OpLibrary OWN = OpLibrary.of(OpLibraryTest.class, "own.py");

  @Test
  void twoLibrariesKeepTheirOpsApartAndAreDifferentiableTogether() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray x = scope.manager().create(new float[] {-3, 4});
      x.setRequiresGradient(true);

      NDArray own = OWN.call("global_norm", x, new double[] {2}).singletonOrThrow();

      assertThat(own.toFloatArray()).containsExactly(0, 8);
      assertThat(own.getManager()).isSameAs(scope.manager());
      assertThat(TorchOps.globalNorm(new NDList(x))).isEqualTo(5);
      assertThat(TorchOps.grads(own.sum(), new NDList(x)).get(0).toFloatArray())
          .containsExactly(0, 2);
    }
  }

  @Test
  void aScriptThatIsNotThereIsNamed() {
    OpLibrary missing = OpLibrary.of(OpLibraryTest.class, "none.py");
    assertThatThrownBy(() -> missing.call("x", new double[] {1}))
        .hasMessage("the operators of none.py could not be loaded")
        .hasRootCauseMessage(
            "there is no resource none.py beside class org.dualoptim.core.tensor.OpLibraryTest");
  }
}
