package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairwiseSumTest {

  // golden/softmax.py
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 1.0, 0.1",
    "7, 2.5928571428571425, 0.7",
    "8, 2.7178571428571425, 0.8",
    "20, 3.597739657143682, 2.0000000000000004",
    "128, 5.433147092589173, 12.800000000000002",
    "131, 5.456224926052236, 13.099999999999998",
    "1000, 7.485470860550345, 100.00000000000001",
    "4321, 8.94857351032533, 432.0999999999999"
  })
  void theLastBitIsNumPys(int count, double harmonic, double tenths) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> 1.0 / (i + 1));
    assertThat(PairwiseSum.of(values)).isEqualTo(harmonic);
    Arrays.fill(values, .1);
    assertThat(PairwiseSum.of(values)).isEqualTo(tenths);
  }
}
