package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScoresTest {

  @Test
  void theOrderOfMeasuringIsKept() {
    Scores scores =
        Scores.of(Metric.TA, 94).and(Metric.FA, 95).and(Metric.RA, 99).and(Metric.TA, 93);
    assertThat(scores.values().keySet()).containsExactly(Metric.TA, Metric.FA, Metric.RA);
    assertThat(scores.get(Metric.TA)).isEqualTo(93);
  }

  @Test
  void whatWasNotMeasuredIsNamedWithWhatWas() {
    assertThatThrownBy(() -> Scores.of(Metric.TA, 94).and(Metric.FA, 95).get(Metric.MIA))
        .hasMessage("MIA was not measured; there are TA, FA.");
  }

  @Test
  void aDivergedTrialHasNoScores() {
    assertThatThrownBy(() -> Scores.of(Metric.FID, Double.NaN))
        .hasMessage("FID is NaN: the trial diverged, so report that instead of scores.");
  }

  @Test
  void aHeaderCarriesTheUnit() {
    assertThat(Metric.FA.header()).isEqualTo("FA (%)");
    assertThat(Metric.FID.header()).isEqualTo("FID");
  }
}
