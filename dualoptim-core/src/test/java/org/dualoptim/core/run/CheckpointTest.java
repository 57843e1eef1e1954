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
import org.dualoptim.core.optim.Sgd;
import org.dualoptim.core.optim.Shared;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.LoopState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Shape KERNEL = new Shape(64, 32, 3, 3);
  private static final Shared SGD = new Shared(new Sgd(0.1, 0, 0, false), null, null);

  private final Random random = new Random(1);

  @TempDir Path folder;

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
        assertThatThrownBy(() -> Checkpoint.load(file, state, "hash", 10, manager))
            .isInstanceOf(IOException.class)
            .hasMessage(
                file
                    + " was written after step 11 of a run that has 10; --fresh starts the trial over");
      }
    }
  }

  /** A sum in another memory order differs in its last bits, and so would a resumed cosine. */
  @Test
  void aKeptForgetGradientComesBackInTheMemoryFormatOfItsParameter() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      Parameters parameters =
          Parameters.of(List.of(new Parameters.Entry("conv", kernel(manager), Role.HIDDEN)));
      try (LoopState saved = LoopState.start(parameters, SGD, manager);
          LoopState loaded = LoopState.start(parameters, SGD, manager)) {
        for (int i = 0; i < 20; i++) {
          saved.forgetGradient(new NDList(kernel(manager)));
          Checkpoint.save(file, saved, "hash", Map.of());
          Checkpoint.load(file, loaded, "hash", 10, manager);

          NDList retain = new NDList(kernel(manager));
          assertThat(TorchOps.globalCosine(loaded.forgetGradient(), retain))
              .isEqualTo(TorchOps.globalCosine(saved.forgetGradient(), retain));
        }
      }
    }
  }
}
