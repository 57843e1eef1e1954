package org.dualoptim.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShuffledTest {

  private static Shuffled<int[]> batches(int rows, int size, long seed) {
    return new Shuffled<>(
        rows, size, new Draws(seed), "order", (batch, pass, index, manager) -> batch);
  }

  private static List<Integer> pass(Shuffled<int[]> batches, int pass) {
    List<Integer> rows = new ArrayList<>();
    for (int index = 0; index < batches.perPass(); index++) {
      Arrays.stream(batches.load(pass, index, null)).forEach(rows::add);
    }
    return rows;
  }

  @Test
  void aPassServesEveryRowOnceAndTheLastBatchCountsForItsRows() {
    Shuffled<int[]> batches = batches(10, 4, 1);

    assertThat(batches.perPass()).isEqualTo(3);
    assertThat(pass(batches, 0)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(batches.weight(0)).isEqualTo(4);
    assertThat(batches.weight(2)).isEqualTo(2);
    assertThat(batches(0, 4, 1).perPass()).isZero();
  }

  @Test
  void aBatchIsAFunctionOfSeedPassAndIndexAlone() {
    List<Integer> first = pass(batches(10, 4, 1), 0);
    Shuffled<int[]> again = batches(10, 4, 1);
    List<Integer> second = pass(again, 1);

    assertThat(pass(again, 0)).isEqualTo(first).isNotEqualTo(second);
    assertThat(pass(batches(10, 4, 2), 0)).isNotEqualTo(first);
  }

  @Test
  void aBatchHoldsAtLeastOneRow() {
    assertThatThrownBy(() -> batches(10, 0, 1)).hasMessage("batch_size must be >= 1, got 0");
  }
}
