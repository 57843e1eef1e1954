package org.dualoptim.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  private final List<Scores> start = List.of(scores(99.5, 99.9, 94, 89));

  private static final Knobs BOTH =
      knobs(
          "{'schedule': {'forget': 2, 'retain': 5, 'cycles': 50},"
              + " 'optimizer': {'forget': {'lr': 1e-3}, 'retain': {'lr': 0.01}}}");

  private static final Knobs FORGETTING_ONLY =
      knobs("{'schedule': {'forget': 1, 'epochs': 5}, 'optimizer': {'optimizer': {'lr': 3e-3}}}");

  private static Knobs knobs(String json) {
    try {
      return Knobs.of(JsonMapper.builder().build().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private Diagnosis diagnosis(Scores trial) {
    return Diagnosis.of(List.of(trial), retrained, start, BOTH);
  }

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
    assertThat(diagnosis(scores(fa, ra, ta, mia)).verdict()).isEqualTo(verdict);
  }

  @Test
  void theSentenceNamesNumbersCauseAndKeysOfTheRecipe() {
    assertThat(diagnosis(scores(99.4, 99.9, 93.5, 76)).sentence())
        .isEqualTo(
            "Forgot too little (FA +4.8). Forget more: raise schedule.forget (now 2) or"
                + " optimizer.forget.lr (now 0.001).");
    assertThat(diagnosis(scores(99, 85, 80, 66)).findings())
        .containsExactly(
            "forgot unevenly (FA +4.4, MIA -10.3)", "lost what should stay (RA -15.0, TA -14.2)");
    assertThat(diagnosis(scores(94.6, 100, 94, 76)).sentence())
        .isEqualTo("Behaves like a retrained model. There is nothing to change.");
  }

  @Test
  void withoutTheStartNothingIsSaidOfBefore() {
    Diagnosis unknown =
        Diagnosis.of(List.of(scores(94.6, 90, 94, 76)), retrained, List.of(), Knobs.NONE);
    assertThat(unknown.sentence())
        .isEqualTo(
            "Lost what should stay (RA -10.0). Forget less: lower the learning rate that forgets.");
  }

  @Test
  void whatTheStartNeverHadIsNotLost() {
    List<Scores> weak = List.of(scores(95, 80, 75, 77));
    Diagnosis diagnosis = Diagnosis.of(List.of(scores(94.6, 81, 74, 76)), retrained, weak, BOTH);
    assertThat(diagnosis.verdict()).isEqualTo(Verdict.WEAK_START);
    assertThat(diagnosis.findings())
        .containsExactly("was no better before unlearning (RA -19.0, TA -20.2)");
    assertThat(diagnosis.advice()).isEqualTo("Train the model that it starts from for longer.");
  }

  @Test
  void oneMayBeLostAndTheOtherNeverThere() {
    List<Scores> start = List.of(scores(95, 99.9, 85, 77));
    assertThat(Diagnosis.of(List.of(scores(94.6, 91, 84, 76)), retrained, start, BOTH).findings())
        .containsExactly(
            "lost what should stay (RA -9.0)", "was no better before unlearning (TA -10.2)");
  }

  @Test
  void damageIsMendedByForgettingLessOrKeepingMore() {
    assertThat(diagnosis(scores(94.6, 85, 80, 76)).advice())
        .isEqualTo(
            "Forget less: lower schedule.forget (now 2) or optimizer.forget.lr (now 0.001). Keep"
                + " more: raise schedule.retain (now 5).");
  }

  @Test
  void whoForgetsTooLittleAndLosesTheRestIsNotToldToForgetLess() {
    assertThat(diagnosis(scores(99, 85, 80, 76)).advice())
        .isEqualTo(
            "Forget more: raise schedule.forget (now 2) or optimizer.forget.lr (now 0.001). Keep"
                + " more: raise schedule.retain (now 5).");
  }

  @Test
  void aMethodWithoutRetainStepsIsNotToldToTakeMoreOfThem() {
    assertThat(
            Diagnosis.of(List.of(scores(99, 85, 80, 76)), retrained, start, FORGETTING_ONLY)
                .advice())
        .isEqualTo(
            "Forget more: raise schedule.forget (now 1) or optimizer.optimizer.lr (now 0.003). It"
                + " has no retain steps, so forgetting more will also cost more; try a method that"
                + " has.");
    assertThat(
            Diagnosis.of(List.of(scores(60, 85, 80, 60)), retrained, start, FORGETTING_ONLY)
                .advice())
        .isEqualTo(
            "Forget less: lower optimizer.optimizer.lr (now 0.003) or schedule.epochs (now 5).");
  }

  @Test
  void aRestlessRetrainingWidensTheTolerance() {
    List<Scores> restless =
        List.of(scores(90, 100, 94, 70), scores(94, 100, 94, 82)); // MIA 76, std 6
    assertThat(verdict(scores(92, 100, 94, 87), restless)).isEqualTo(Verdict.LIKE_RETRAINED);
    assertThat(verdict(scores(92, 100, 94, 89), restless)).isEqualTo(Verdict.UNDER_FORGOTTEN);
  }

  private Verdict verdict(Scores trial, List<Scores> target) {
    return Diagnosis.of(List.of(trial), target, start, BOTH).verdict();
  }

  @Test
  void keepingMoreThanRetrainingIsNoFault() {
    List<Scores> weak = List.of(scores(80, 90, 80, 60));
    assertThat(verdict(scores(80, 99, 88, 60), weak)).isEqualTo(Verdict.LIKE_RETRAINED);
  }

  private static Scores scores(double fa, double ra, double ta, double mia) {
    return Scores.of(Metric.FA, fa).and(Metric.RA, ra).and(Metric.TA, ta).and(Metric.MIA, mia);
  }
}
