package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FidTest {

  // by hand: means 1 and 5, variances 2 and 8: (1-5)^2 + 2 + 8 - 2 sqrt(16) = 18
  @Test
  void oneFeatureByHand() {
    assertThat(Fid.between(new float[][] {{0}, {2}}, new float[][] {{3}, {7}}))
        .isCloseTo(18, within(1e-12));
  }

  @Test
  void aSetIsAtDistanceZeroFromItselfWhateverItsRank() {
    for (int n : new int[] {2, 30, 60}) {
      float[][] features = gaussian(n, 30, n);
      assertThat(Fid.between(features, features)).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void constantFeaturesAreNoError() {
    float[][] ones = {{1, 1}, {1, 1}, {1, 1}};
    float[][] twos = {{2, 2}, {2, 2}};
    assertThat(Fid.between(ones, twos)).isCloseTo(2, within(1e-12));
  }

  @Test
  void theDistanceIsSymmetricAndInvariantToAShiftOfBoth() {
    float[][] a = gaussian(40, 8, 1);
    float[][] b = gaussian(9, 8, 2);
    double distance = Fid.between(a, b);
    assertThat(Fid.between(b, a)).isCloseTo(distance, within(1e-9));
    assertThat(Fid.between(shifted(a), shifted(b))).isCloseTo(distance, within(1e-3));
  }

  @Test
  void momentsDoNotDependOnHowManyRowsAreReadAtOnce() {
    float[][] features = gaussian(2500, 3, 3);
    double covariance = 0;
    Fid.Moments moments = Fid.Moments.of(features);
    for (float[] row : features) {
      covariance += (row[0] - moments.mean()[0]) * (row[2] - moments.mean()[2]) / 2499;
    }
    assertThat(moments.covariance()[0][2]).isCloseTo(covariance, within(1e-12));
  }

  @Test
  void whatHasNoCovarianceIsRefused() {
    assertThatThrownBy(() -> Fid.Moments.of(new float[][] {{1, 2}}))
        .hasMessage(
            "A covariance needs at least 2 rows of features, not 1; evaluate more samples.");
    assertThatThrownBy(() -> Fid.Moments.of(new float[][] {{1}, {Float.NaN}}))
        .hasMessage("a feature of row 1 is NaN: the model diverged, lower its learning rates");
    assertThatThrownBy(() -> Fid.between(gaussian(3, 2, 0), gaussian(3, 4, 0)))
        .hasMessage("The sets have 2 and 4 features; take both from the same network.");
  }

  private static float[][] gaussian(int n, int d, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[n][d];
    for (float[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static float[][] shifted(float[][] rows) {
    float[][] moved = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      moved[i] = rows[i].clone();
      for (int j = 0; j < moved[i].length; j++) {
        moved[i][j] += 100;
      }
    }
    return moved;
  }
}
