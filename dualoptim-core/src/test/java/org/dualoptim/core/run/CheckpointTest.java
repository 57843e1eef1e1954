package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.unlearn.LoopState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final UnlearningOptimizer MOMENTUM =
      new Shared(new Sgd(0.1, 0.9, 0, null), null, null);

  @TempDir Path folder;

  private static LoopState state(NDManager manager, float value) {
    return LoopState.start(
        Parameters.of(
            List.of(
                new Parameters.Entry("base", filled(manager, value), Role.FROZEN),
                new Parameters.Entry("adapter", filled(manager, value), Role.HIDDEN),
                new Parameters.Entry("statistics", filled(manager, value), Role.BUFFER))),
        MOMENTUM,
        manager);
  }

  private static NDArray filled(NDManager manager, float value) {
    return manager.full(new Shape(2, 2), value);
  }

  /** Adapters are megabytes, the base is gigabytes and may be of a type that Java cannot read. */
  @Test
  void aFrozenBaseIsNeitherWrittenNorTouched() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        LoopState saved = state(manager, 1);
        LoopState resumed = state(manager, 2)) {
      saved.cursor(7);
      saved.forgetGradient(new NDList(filled(manager, 3)));
      Checkpoint.save(file, saved, "hash", Map.of());

      try (TensorSource source = TensorSource.open(file)) {
        assertThat(source.names())
            .containsExactlyInAnyOrder(
                "weights/adapter",
                "weights/statistics",
                "optimizer/shared/momentum_buffer/adapter",
                "optimizer/shared/t",
                "forget_gradient/adapter");
      }
      Checkpoint.load(file, resumed, "hash");
      Map<String, NDArray> arrays = resumed.parameters().byName();
      assertThat(arrays.get("base").toFloatArray()).containsOnly(2);
      assertThat(arrays.get("adapter").toFloatArray()).containsOnly(1);
      assertThat(arrays.get("statistics").toFloatArray()).containsOnly(1);
      assertThat(resumed.forgetGradient().get(0).toFloatArray()).containsOnly(3);
      assertThat(resumed.cursor()).isEqualTo(7);
    }
  }
}
