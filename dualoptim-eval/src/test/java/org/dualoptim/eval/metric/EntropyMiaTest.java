package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EntropyMiaTest {

  // scikit-learn's LogisticRegression(class_weight="balanced") on these entropies, as the official
  // MIA.py calls it
  @Test
  void theFitIsScikitLearns() {
    EntropyMia attack =
        EntropyMia.fitEntropies(
            new float[] {0, .01f, .02f, .05f, .3f}, new float[] {.01f, .4f, .9f, .2f});
    assertThat(attack.weight()).isCloseTo(-.571164, within(1e-5));
    assertThat(attack.bias()).isCloseTo(.128989, within(1e-5));
    assertThat(
            new boolean[] {
              attack.isMember(0),
              attack.isMember(.15),
              attack.isMember(.25),
              attack.isMember(.35),
              attack.isMember(1)
            })
        .containsExactly(true, true, false, false, false);
  }

  @Test
  void theFitIsAMinimumEvenWhenEntropySeparatesTheSets() {
    float[] members = new float[5000];
    float[] others = new float[50];
    Arrays.fill(members, 1e-4f);
    Arrays.fill(others, 6f);
    EntropyMia attack = EntropyMia.fitEntropies(members, others);
    double here = objective(attack.weight(), attack.bias(), members, others);
    for (double[] step : new double[][] {{1e-3, 0}, {-1e-3, 0}, {0, 1e-3}, {0, -1e-3}}) {
      assertThat(objective(attack.weight() + step[0], attack.bias() + step[1], members, others))
          .isGreaterThan(here);
    }
  }

  @Test
  void setsThatLookAlikeGiveAnAttackWithoutWeight() {
    float[] same = {.3f, .3f, .3f};
    EntropyMia attack = EntropyMia.fitEntropies(same, same);
    assertThat(attack.weight()).isCloseTo(0, within(1e-9));
    assertThat(attack.bias()).isCloseTo(0, within(1e-9));
  }

  @Test
  void confidentForgetRowsCountAsMembers() {
    float[][] confident = {{9, 0}, {8, 0}, {0, 9}};
    float[][] unsure = {{1, 0}, {0, .5f}, {0, 0}};
    EntropyMia attack = EntropyMia.fit(confident, unsure);
    assertThat(attack.percent(new float[][] {{9, 0}, {0, 10}, {0, .1f}, {7, 0}})).isEqualTo(75);
  }

  @Test
  void anAttackWithoutTestRowsIsRefused() {
    assertThatThrownBy(() -> EntropyMia.fit(new float[][] {{1, 0}}, new float[0][]))
        .hasMessage("There are no predictions; evaluate at least one row.");
  }

  private static double objective(double w, double b, float[] members, float[] others) {
    int n = members.length + others.length;
    double value = w * w / 2;
    for (float h : members) {
      value += n / (2.0 * members.length) * Math.log1p(Math.exp(-(w * h + b)));
    }
    for (float h : others) {
      value += n / (2.0 * others.length) * Math.log1p(Math.exp(w * h + b));
    }
    return value;
  }
}
