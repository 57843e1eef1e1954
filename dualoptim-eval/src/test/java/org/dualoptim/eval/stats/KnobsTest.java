package org.dualoptim.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class KnobsTest {
  private static JsonNode recipe(String json) throws JsonProcessingException {
    return JsonMapper.builder().build().readTree(json.replace('\'', '"'));
  }

  private static Knobs knobs(String json) throws JsonProcessingException {
    return Knobs.of(recipe(json));
  }

  @Test
  void dualOptimizersForgetByTheirOwnRate() throws JsonProcessingException {
    Knobs knobs =
        knobs(
            "{'schedule': {'forget': 1, 'retain': 5, 'cycles': 50},"
                + " 'optimizer': {'forget': {'lr': 1e-4}, 'retain': {'lr': 0.01}}}");
    assertThat(Knobs.either(knobs.forget()))
        .isEqualTo("schedule.forget (now 1) or optimizer.forget.lr (now 1e-4)");
    assertThat(Knobs.either(knobs.keep())).isEqualTo("schedule.retain (now 5)");
    assertThat(Knobs.either(knobs.forgetLess())).isEqualTo("optimizer.forget.lr (now 1e-4)");
  }

  @Test
  void aRateThatBothObjectivesShareIsNoKnobOfForgetting() throws JsonProcessingException {
    String recipe =
        "{'schedule': {'forget': 2, 'retain': 5}, 'method': {'alpha': 30.0},"
            + " 'optimizer': {'optimizer': {'lr': 0.01}}}";
    assertThat(
            Knobs.either(knobs(recipe).forgettingBy(recipe(recipe), "method.alpha").forgetLess()))
        .isEqualTo("schedule.forget (now 2) or method.alpha (now 30)");
  }

  @Test
  void aMethodWithoutRetainStepsForgetsLessInAShorterRun() throws JsonProcessingException {
    Knobs knobs =
        knobs(
            "{'schedule': {'forget': 1, 'retain': 0, 'epochs': 5},"
                + " 'optimizer': {'optimizer': {'lr': 3e-3}}}");
    assertThat(knobs.keep()).isEmpty();
    assertThat(Knobs.either(knobs.forgetLess()))
        .isEqualTo("optimizer.optimizer.lr (now 0.003) or schedule.epochs (now 5)");
  }

  @Test
  void fineTuningForgetsByItsRetainSteps() throws JsonProcessingException {
    Knobs knobs = knobs("{'schedule': {'retain': 1}, 'optimizer': {'optimizer': {'lr': 0.03}}}");
    assertThat(Knobs.either(knobs.forget()))
        .isEqualTo("schedule.retain (now 1) or optimizer.optimizer.lr (now 0.03)");
  }

  /** A rate of steps that the schedule does not have turns nothing. */
  @Test
  void theRateIsThatOfTheStepsThatForget() throws JsonProcessingException {
    String rates = "'optimizer': {'lr_forget': 0.1, 'lr_retain': 0.01, 'optimizer': {'lr': 0.5}}}";
    assertThat(Knobs.either(knobs("{'schedule': {'retain': 1}, " + rates).forget()))
        .isEqualTo("schedule.retain (now 1) or optimizer.lr_retain (now 0.01)");
    assertThat(Knobs.either(knobs("{'schedule': {'joint': 1}, " + rates).forget()))
        .isEqualTo("schedule.joint (now 1) or optimizer.optimizer.lr (now 0.5)");
    assertThat(knobs("{'schedule': {'forget': 1}, " + rates).calmer())
        .isEqualTo("Lower optimizer.lr_forget (now 0.1).");
    assertThat(
            Knobs.either(
                knobs(
                        "{'schedule': {'retain': 1},"
                            + " 'optimizer': {'forget': {'lr': 0.1}, 'retain': {'lr': 0.01}}}")
                    .forget()))
        .isEqualTo("schedule.retain (now 1) or optimizer.retain.lr (now 0.01)");
  }

  @Test
  void whatDivergedIsToldEveryRateThatIsInUseAndTheClip() throws JsonProcessingException {
    assertThat(
            knobs(
                    "{'method': {'max_norm': 7.0}, 'optimizer':"
                        + " {'lr_forget': 0.1, 'lr_retain': 0.01, 'optimizer': {'lr': 0.5}}}")
                .calmer())
        .isEqualTo(
            "Lower optimizer.lr_forget (now 0.1) or optimizer.lr_retain (now 0.01), or clip harder"
                + " with a lower method.max_norm (now 7).");
    assertThat(knobs("{}").calmer()).isEqualTo("Lower the learning rate.");
  }
}
