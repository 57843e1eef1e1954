package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EntropyMiaTest {

  // golden/lbfgs.py: LogisticRegression(class_weight="balanced") on these entropies, as the
  // official
  // MIA.py calls it; its tolerance is loose, the minimum itself lies at (-.571164, .128989)
  @Test
  void theFitIsScikitLearns() {
    EntropyMia attack =
        EntropyMia.fitEntropies(
            new float[] {0, .01f, .02f, .05f, .3f}, new float[] {.01f, .4f, .9f, .2f});
    assertThat(attack.weight()).isCloseTo(-.571239602, within(1e-8));
    assertThat(attack.bias()).isCloseTo(.129021524, within(1e-8));
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

  // golden/lbfgs.py: scikit-learn stops at its gradient tolerance, far from the minimum
  @Test
  void amongEntropiesThatBarelyDifferTheFitEndsWhereScikitLearnsDoes() {
    EntropyMia none = EntropyMia.fitEntropies(between(0, 2e-6, 40), between(1e-6, 4e-6, 20));
    assertThat(none).isEqualTo(new EntropyMia(0, 0));
    assertThat(none.isMember(0)).isFalse();
    EntropyMia oneStep = EntropyMia.fitEntropies(between(0, 1e-4, 300), between(5e-5, 2e-4, 100));
    assertThat(oneStep.weight()).isCloseTo(-.007499992165, within(1e-10));
    assertThat(oneStep.bias()).isCloseTo(0, within(1e-10));
  }

  // golden/lbfgs.py: the sides cancel at the start, so the bias of a fit of one step is the
  // rounding
  // of a sum, and rows without entropy are judged by its sign
  @Test
  void rowsWithoutEntropyAreJudgedByScikitLearnsRounding() {
    EntropyMia above = EntropyMia.fitEntropies(new float[] {6e-5f}, withZeros(149, .0065f));
    assertThat(above.weight()).isCloseTo(.000629163188, within(1e-12));
    assertThat(above.bias()).isCloseTo(2.486886184725155e-14, within(1e-24));
    assertThat(above.isMember(0)).isTrue();

    EntropyMia below = EntropyMia.fitEntropies(withZeros(149, 5e-4f), new float[1]);
    assertThat(below.bias()).isCloseTo(-1.4210854268152309e-14, within(1e-24));
    assertThat(below.isMember(0)).isFalse();

    assertThat(EntropyMia.fitEntropies(withZeros(397, 1e-3f, 2e-3f, 3e-3f), new float[3]).bias())
        .isCloseTo(7.1054148298652645e-15, within(1e-24));
    assertThat(EntropyMia.fitEntropies(new float[60], withZeros(399, .012f)).bias()).isZero();
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

  private static float[] withZeros(int zeros, float... rest) {
    float[] values = new float[zeros + rest.length];
    System.arraycopy(rest, 0, values, zeros, rest.length);
    return values;
  }

  private static float[] between(double least, double most, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (least + (most - least) * i / (count - 1));
    }
    return values;
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
