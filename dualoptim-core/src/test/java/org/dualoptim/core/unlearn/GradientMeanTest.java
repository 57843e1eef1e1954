package org.dualoptim.core.unlearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.function.Function;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.tensor.TorchOps;
import org.junit.jupiter.api.Test;

class GradientMeanTest {
  /** At w = 0 the gradient of half a squared distance is minus the row. */
  private static final Batches<NDArray> ROWS =
      Toy.vectors(new float[] {3, 4}, new float[] {0, -2}, new float[] {6, 0});

  private static float[] mean(int count, int accumulate, GradientMean.Term term) {
    try (Toy toy = Toy.of(0, 0)) {
      Function<NDArray, NDArray> loss = rows -> toy.array("w").sub(rows).square().sum().mul(0.5f);
      NDList mean =
          new GradientMean<>(ROWS, count, accumulate, loss, term)
              .at(toy.parameters(), new Draws(1), "mean", toy.manager);
      assertThat(mean.get(0).getManager()).isSameAs(toy.manager);
      return mean.get(0).toFloatArray();
    }
  }

  @Test
  void gradientsAreAveragedOverTheBatchesThatAreAskedFor() {
    assertThat(mean(3, 1, TorchOps::add)).containsExactly(new float[] {-3, -2 / 3f}, within(1e-6f));
    assertThat(mean(4, 1, TorchOps::add))
        .as("a second pass begins where the first ended")
        .containsExactly(new float[] {-3, -1.5f}, within(1e-6f));
  }

  /** DDPM's Fisher diagonal: the square of a batch's clipped gradient. */
  @Test
  void aTermMayClipBeforeItSquares() {
    GradientMean.Term clippedSquare =
        (sum, gradients, share) -> {
          TorchOps.clip(gradients, 1);
          TorchOps.addSquare(sum, gradients, share);
        };
    assertThat(mean(2, 1, clippedSquare))
        .containsExactly(new float[] {0.36f / 2, (0.64f + 1) / 2}, within(1e-5f));
  }

  /** SA's Fisher diagonal: the square of a sum over time steps, a few at a time. */
  @Test
  void aTermMayHaveSeveralBatches() {
    assertThat(mean(1, 2, TorchOps::addSquare))
        .as("((3, 4) + (0, -2)) / 2, squared")
        .containsExactly(new float[] {2.25f, 1}, within(1e-5f));
  }

  @Test
  void theEnginesDrawsAreFunctionsOfTheBatch() {
    assertThat(noisy(1)).isEqualTo(noisy(1)).isNotEqualTo(noisy(2));
  }

  private static float[] noisy(long seed) {
    try (Toy toy = Toy.of(0, 0)) {
      Function<NDArray, NDArray> loss =
          rows ->
              toy.array("w")
                  .sub(rows.add(rows.getManager().randomNormal(rows.getShape())))
                  .square()
                  .sum();
      return GradientMean.ofPass(ROWS, loss, TorchOps::add)
          .at(toy.parameters(), new Draws(seed), "noise", toy.manager)
          .get(0)
          .toFloatArray();
    }
  }
}
