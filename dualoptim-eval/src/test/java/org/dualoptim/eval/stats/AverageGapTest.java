package org.dualoptim.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.junit.jupiter.api.Test;

class AverageGapTest {
  private final List<Metric> metrics = List.of(Metric.FA, Metric.MIA);

  // trials above and below the target cancel: 94 and 96 are 0 from 95 in the mean, 1 each if the
  // gap came first
  @Test
  void meansComeBeforeDifferences() {
    AverageGap gap =
        AverageGap.of(
            metrics,
            List.of(scores(94, 70), scores(96, 74)),
            List.of(scores(95, 75), scores(95, 77), scores(95, 76)));
    assertThat(gap.gap()).isCloseTo((0 + 4) / 2.0, within(1e-12));
    assertThat(gap.averageStd()).isCloseTo((1 + 2) / 2.0, within(1e-12));
    assertThat(gap.method().get(1)).isEqualTo(new Summary(72, 2, 2));
    assertThat(gap.retrained().get(0)).isEqualTo(new Summary(95, 0, 3));
  }

  @Test
  void aTrialThatLacksAMetricIsNamed() {
    assertThatThrownBy(
            () ->
                AverageGap.of(metrics, List.of(Scores.of(Metric.FA, 95)), List.of(scores(95, 75))))
        .hasMessage("MIA was not measured; there are FA.");
  }

  @Test
  void nothingToAverageIsRefused() {
    assertThatThrownBy(() -> AverageGap.of(metrics, List.of(), List.of(scores(95, 75))))
        .hasMessage("There is no trial to sum up; run at least one.");
    assertThatThrownBy(() -> AverageGap.of(List.of(), List.of(), List.of()))
        .hasMessage("A gap needs at least one metric to average over.");
  }

  private static Scores scores(double fa, double mia) {
    return Scores.of(Metric.FA, fa).and(Metric.MIA, mia);
  }
}
