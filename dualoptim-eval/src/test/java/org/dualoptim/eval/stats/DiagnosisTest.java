package org.dualoptim.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.stats.Diagnosis.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private final List<Scores> retrained =
      List.of(scores(94.5, 100, 94, 76), scores(94.7, 100, 94.4, 76.5));

  @ParameterizedTest
  @CsvSource({
    "95.5, 99.9, 93.5, 77.5, LIKE_RETRAINED",
    "99.4, 99.9, 93.5, 88.8, UNDER_FORGOTTEN",
    "94.6, 99.9, 93.5, 88.8, UNDER_FORGOTTEN",
    "94.6, 99.9, 93.5, 66.0, OVER_FORGOTTEN",
    "60.0, 99.9, 93.5, 40.0, OVER_FORGOTTEN",
    "99.0, 99.9, 93.5, 66.0, UNEVEN",
    "60.0, 85.0, 80.0, 60.0, DAMAGED",
    "99.0, 99.9, 85.0, 88.0, DAMAGED"
  })
  void eachSideOfRetrainingHasItsVerdict(
      double fa, double ra, double ta, double mia, Verdict verdict) {
    assertThat(Diagnosis.of(scores(fa, ra, ta, mia), retrained).verdict()).isEqualTo(verdict);
  }

  @Test
  void theSentenceNamesNumbersCauseAndKnob() {
    assertThat(Diagnosis.of(scores(99.4, 99.9, 93.5, 76), retrained).sentence())
        .isEqualTo(
            "The model forgot too little: FA 99.4 is 4.8 points above retraining's 94.6 (it still knows the forget set). "
                + "Unlearn more strongly: a higher learning rate, a larger alpha where the method has one, or more steps.");
    assertThat(Diagnosis.of(scores(94.6, 100, 94, 76), retrained).sentence())
        .isEqualTo("The model behaves like a retrained one. There is nothing to change.");
  }

  @Test
  void aRestlessRetrainingWidensTheTolerance() {
    List<Scores> restless =
        List.of(scores(90, 100, 94, 70), scores(94, 100, 94, 82)); // MIA 76, std 6
    assertThat(Diagnosis.of(scores(92, 100, 94, 87), restless).verdict())
        .isEqualTo(Verdict.LIKE_RETRAINED);
    assertThat(Diagnosis.of(scores(92, 100, 94, 89), restless).verdict())
        .isEqualTo(Verdict.UNDER_FORGOTTEN);
  }

  @Test
  void keepingMoreThanRetrainingIsNoFault() {
    List<Scores> weak = List.of(scores(80, 90, 80, 60));
    assertThat(Diagnosis.of(scores(80, 99, 88, 60), weak).findings()).isEmpty();
  }

  private static Scores scores(double fa, double ra, double ta, double mia) {
    return Scores.of(Metric.FA, fa).and(Metric.RA, ra).and(Metric.TA, ta).and(Metric.MIA, mia);
  }
}
