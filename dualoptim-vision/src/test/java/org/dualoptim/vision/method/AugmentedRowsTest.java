package org.dualoptim.vision.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.JoinedSamples;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.data.Shuffled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AugmentedRowsTest {
  private static final int ROWS = 10;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  /** Rows whose one input is their number and whose class is their number plus 100. */
  private record Numbered(int size, int first) implements Samples {
    @Override
    public LabeledBatch load(int[] rows, NDManager manager) {
      long[] numbers = Arrays.stream(rows).mapToLong(row -> row + first).toArray();
      return new LabeledBatch(
          manager.create(numbers),
          manager.create(LongStream.of(numbers).map(n -> n + 100).toArray()));
    }
  }

  private static Shuffled<LabeledBatch> batches(Samples samples, int relabelled, long seed) {
    return new AugmentedRows(samples, relabelled, 3, new Draws(seed), "forget").batches(4);
  }

  private List<Long> pass(Shuffled<LabeledBatch> batches, int pass, boolean labels) {
    List<Long> rows = new ArrayList<>();
    for (int index = 0; index < batches.perPass(); index++) {
      LabeledBatch batch = batches.load(pass, index, manager);
      for (long value : (labels ? batch.labels() : batch.inputs()).toLongArray()) {
        rows.add(value);
      }
    }
    return rows;
  }

  @Test
  void randomLabelsAreDrawnAnewForEveryPassButTheSameForEveryReading() {
    Shuffled<LabeledBatch> batches = batches(new Numbered(ROWS, 0), ROWS, 1);

    assertThat(pass(batches, 0, true))
        .isEqualTo(pass(batches, 0, true))
        .allMatch(label -> label >= 0 && label < 3);
    assertThat(pass(batches, 0, true)).isNotEqualTo(pass(batches, 1, true));
  }

  @Test
  void joinedSetsKeepInputsAndLabelsTogetherAndTheRetainSetItsLabels() {
    JoinedSamples joined = new JoinedSamples(new Numbered(4, 0), new Numbered(6, 4));
    List<Long> rows = pass(batches(joined, 4, 1), 0, false);
    List<Long> labels = pass(batches(joined, 4, 1), 0, true);

    assertThat(rows).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    for (int i = 0; i < ROWS; i++) {
      if (rows.get(i) < 4) {
        assertThat(labels.get(i)).isBetween(0L, 2L);
      } else {
        assertThat(labels.get(i)).isEqualTo(rows.get(i) + 100);
      }
    }
  }
}
