package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AccuracyTest {

  @Test
  void aTieCountsForTheFirstClassAsTorchArgmaxDecides() {
    float[][] tied = {{1, 3, 3}, {1, 3, 3}, {2, 2, 2}, {-1, Float.NEGATIVE_INFINITY, -2}};
    assertThat(Accuracy.percent(new Predictions(tied, new int[] {1, 2, 0, 0}))).isEqualTo(75);
  }

  @Test
  void aDivergedModelHasNoAccuracy() {
    assertThatThrownBy(
            () -> new Predictions(new float[][] {{0, 1}, {0, Float.NaN}}, new int[] {0, 0}))
        .hasMessage(
            "the largest logit of row 1 is NaN: the model diverged, lower its learning rates");
  }

  @Test
  void anEmptySetHasNoAccuracy() {
    assertThatThrownBy(() -> new Predictions(new float[0][], new int[0]))
        .hasMessage("There are no predictions; evaluate at least one row.");
  }

  @Test
  void targetsMustFitThePredictions() {
    float[][] logits = {{0, 1}};
    assertThatThrownBy(() -> new Predictions(logits, new int[] {0, 1}))
        .hasMessage("There are 1 predictions but 2 targets; give one target per row.");
    assertThatThrownBy(() -> new Predictions(logits, new int[] {2}))
        .hasMessage(
            "Target 2 of row 0 is no class of a model with 2 outputs; classes count from 0.");
    assertThatThrownBy(() -> new Predictions(new float[][] {{0, 1}, {0}}, new int[] {0, 0}))
        .hasMessage("Row 1 has 1 logits and row 0 has 2; all need the same, at least 1.");
  }
}
