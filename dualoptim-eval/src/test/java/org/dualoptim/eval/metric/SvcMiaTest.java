package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.dualoptim.eval.metric.SvcMia.Feature;
import org.junit.jupiter.api.Test;

class SvcMiaTest {
  private final Predictions sure =
      new Predictions(new float[][] {{9, 0}, {0, 8}, {7, 0}, {0, 9}}, new int[] {0, 1, 0, 1});
  private final Predictions unsure =
      new Predictions(new float[][] {{0, 1}, {1, 0}, {.5f, 0}}, new int[] {0, 1, 0});

  @Test
  void rowsThatLookUnseenScore() {
    assertThat(SvcMia.score(Feature.CONFIDENCE, sure, unsure, unsure)).isEqualTo(1);
    assertThat(SvcMia.score(Feature.CONFIDENCE, sure, unsure, sure)).isZero();
  }

  @Test
  void onlyAsManyRetainRowsAsTestRowsAreFitted() {
    Predictions spoiled =
        new Predictions(
            new float[][] {{9, 0}, {0, 8}, {7, 0}, {0, 1}, {0, 1}, {0, 1}},
            new int[] {0, 1, 0, 0, 0, 0});
    for (Feature feature : Feature.values()) {
      assertThat(SvcMia.score(feature, spoiled, unsure, unsure))
          .isEqualTo(SvcMia.score(feature, sure.first(3), unsure, unsure));
    }
  }

  @Test
  void fittingKeepsStandardOutputClean() {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      SvcMia.score(Feature.PROB, sure, unsure, sure);
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void anUnknownFeatureIsAnsweredWithTheKnownOnes() {
    assertThat(Feature.of("m-entropy")).isEqualTo(Feature.M_ENTROPY);
    assertThatThrownBy(() -> Feature.of("loss"))
        .hasMessage(
            "There is no attack feature 'loss'; use one of correctness, confidence, entropy, m-entropy, prob.");
  }

  @Test
  void predictionsOfDifferentModelsAreRefused() {
    Predictions threeClasses = new Predictions(new float[][] {{1, 0, 0}}, new int[] {0});
    assertThatThrownBy(() -> SvcMia.score(Feature.PROB, sure, unsure, threeClasses))
        .hasMessage(
            "Retain, test and forget predictions have 2, 2 and 3 classes; evaluate one model on all three.");
  }
}
