package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SciPy 1.10's iterates, made by golden/lbfgs.py. Both functions are far from convex, so a wrong
 * rule anywhere shows soon.
 */
class LbfgsTest {

  @ParameterizedTest
  @CsvSource({
    "1, -1.0174097957038217, 1.0745266139984402",
    "2, -1.0270197526043319, 1.068358702632824",
    "4, -1.0280683234018906, 1.0619380604952937",
    "8, -0.8876359561098071, 0.7417730301128317",
    "15, -0.025726273394690545, -0.02001280411781792",
    "100, 0.9999989453492764, 0.9999980209057228"
  })
  void everyIterateInACurvedValleyIsSciPys(int iterations, double x, double y) {
    assertThat(Lbfgs.minimise(LbfgsTest::rosenbrock, new double[] {-1.2, 1}, 1e-4, iterations))
        .containsExactly(new double[] {x, y}, within(1e-7));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 12.526094101598035, -9.298148382652446",
    "2, 8.580110679023473, 7.050171345294192",
    "4, 7.367860790232506, 7.704170253588711",
    "100, 0.7347108553831855, -0.6084934354362709"
  })
  void everyIterateOverAWavyBowlIsSciPys(int iterations, double x, double y) {
    assertThat(Lbfgs.minimise(LbfgsTest::wavy, new double[] {9, -30}, 1e-4, iterations))
        .containsExactly(new double[] {x, y}, within(1e-7));
  }

  @Test
  void aStartWithinTheToleranceStays() {
    assertThat(Lbfgs.minimise(LbfgsTest::rosenbrock, new double[] {1.00001, 1.00002}, 1e-2, 100))
        .containsExactly(1.00001, 1.00002);
  }

  private static Lbfgs.Point rosenbrock(double[] x) {
    double bend = x[1] - x[0] * x[0];
    return new Lbfgs.Point(
        x,
        100 * bend * bend + (1 - x[0]) * (1 - x[0]),
        new double[] {-400 * x[0] * bend - 2 * (1 - x[0]), 200 * bend});
  }

  private static Lbfgs.Point wavy(double[] x) {
    double value = 0;
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double v = x[i];
      value += Math.log1p(v * v * v * v) / 4 + .1 * Math.cos(3 * v) + .01 * (v - 4) * (v - 4);
      gradient[i] = v * v * v / (1 + v * v * v * v) - .3 * Math.sin(3 * v) + .02 * (v - 4);
    }
    return new Lbfgs.Point(x, value, gradient);
  }
}
