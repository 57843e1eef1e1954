package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
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
      saved.keep("average", new NDList(filled(manager, 3)));
      Checkpoint.save(file, saved, "hash", Map.of());

      try (TensorSource source = TensorSource.open(file)) {
        assertThat(source.names())
            .containsExactlyInAnyOrder(
                "weights/adapter",
                "weights/statistics",
                "optimizer/shared/momentum_buffer/adapter",
                "optimizer/shared/t",
                "kept/average/adapter");
      }
      Checkpoint.load(file, resumed, "hash", 7);
      Map<String, NDArray> arrays = resumed.parameters().byName();
      assertThat(arrays.get("base").toFloatArray()).containsOnly(2);
      assertThat(arrays.get("adapter").toFloatArray()).containsOnly(1);
      assertThat(arrays.get("statistics").toFloatArray()).containsOnly(1);
      assertThat(resumed.kept("average").get(0).toFloatArray()).containsOnly(3);
      assertThat(resumed.cursor()).isEqualTo(7);
    }
  }

  private static final Shape KERNEL = new Shape(64, 32, 3, 3);
  private static final Shared SGD = new Shared(new Sgd(0.1, 0, 0, false), null, null);

  private final Random random = new Random(1);

  private NDArray kernel(NDManager manager) {
    float[] values = new float[(int) KERNEL.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TorchOps.channelsLast(manager.create(values, KERNEL));
  }

  @Test
  void aCursorBeyondTheEndIsNotTakenForAFinishedRun() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      Parameters parameters =
          Parameters.of(List.of(new Parameters.Entry("conv", kernel(manager), Role.HIDDEN)));
      try (LoopState state = LoopState.start(parameters, SGD, manager)) {
        state.cursor(11);
        Checkpoint.save(file, state, "hash", Map.of());
        assertThatThrownBy(() -> Checkpoint.load(file, state, "hash", 10))
            .isInstanceOf(IOException.class)
            .hasMessage(
                file
                    + " was written after step 11 of a run that has 10; --fresh starts the trial over");
      }
    }
  }

  /** A sum in another memory order differs in its last bits, and so would a resumed cosine. */
  @Test
  void aKeptGradientComesBackInTheMemoryFormatOfItsParameter() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      Parameters parameters =
          Parameters.of(List.of(new Parameters.Entry("conv", kernel(manager), Role.HIDDEN)));
      try (LoopState saved = LoopState.start(parameters, SGD, manager);
          LoopState loaded = LoopState.start(parameters, SGD, manager)) {
        for (int i = 0; i < 20; i++) {
          saved.keep("gradient", new NDList(kernel(manager)));
          Checkpoint.save(file, saved, "hash", Map.of());
          Checkpoint.load(file, loaded, "hash", 10);

          NDList retain = new NDList(kernel(manager));
          assertThat(TorchOps.globalCosine(loaded.kept("gradient"), retain))
              .isEqualTo(TorchOps.globalCosine(saved.kept("gradient"), retain));
        }
      }
    }
  }
}
