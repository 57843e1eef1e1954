package org.dualoptim.eval.metric;

/**
 * exp, ln and sums of float32 to the bit as PyTorch computes them on an x86 CPU with AVX2. A plain
 * sum in double is as good a number, but another one: attacks decide by comparing a row's feature
 * with a threshold, and rows that are equal in the reference must be equal here.
 *
 * <p>exp and ln are polynomials with an error below one rounding, in the order of N. Shibata, F.
 * Petrogalli, "SLEEF: A Portable Vectorized Library of C Standard Mathematical Functions", IEEE
 * TPDS 31(6), 2020. Sums run in 8 lanes, one per float of a vector.
 */
final class TorchFloat {
  private static final int LANES = 8;
  private static final int ROWS = 4;
  private static final int LEVELS = 4;
  private static final int LEVEL_BITS = 4;

  private static final float LOG2_E = 1.442695f;
  private static final float EXP_LN2_HIGH = 0.693145751953125f;
  private static final float EXP_LN2_LOW = 1.4286068e-6f;
  private static final float EXP_LEAST = -104;
  private static final float[] EXP = {
    1.9852762e-4f, 1.3930436e-3f, 8.333361e-3f, 4.1666485e-2f, 0.16666667f, 0.5f
  };

  private static final float LOG_LN2_HIGH = 0.6931472f;
  private static final float LOG_LN2_LOW = -1.9046543e-9f;
  private static final float[] LOG = {0.30272949f, 0.39961082f, 0.66666949f};

  private TorchFloat() {}

  /**
   * e to the power x.
   *
   * @param x at most 0; below -104 the result is 0
   */
  static float exp(float x) {
    if (x < EXP_LEAST) {
      return 0;
    }
    float n = (float) Math.rint(x * LOG2_E);
    float s = Math.fma(n, -EXP_LN2_LOW, Math.fma(n, -EXP_LN2_HIGH, x)); // e^x = 2^n e^s
    return Math.scalb(1 + Math.fma(s * s, polynomial(EXP, s), s), (int) n);
  }

  /**
   * The natural logarithm.
   *
   * @param p positive, may be subnormal
   */
  static float log(float p) {
    boolean subnormal = p < Float.MIN_NORMAL;
    float scaled = subnormal ? p * 0x1p64f : p;
    int exponent = Math.getExponent(scaled * (1 / 0.75f));
    float m = Math.scalb(scaled, -exponent); // 0.75 .. 1.5
    float e = subnormal ? exponent - 64 : exponent;

    // x + xLow = (m - 1) / (m + 1), so that ln m = 2 artanh x
    float sum = m + 1;
    float sumLow = m - (sum - 1);
    float inverse = 1 / sum;
    float inverseError = Math.fma(-sumLow, inverse, Math.fma(-sum, inverse, 1));
    float x = (m - 1) * inverse;
    float xLow = Math.fma(x, inverseError, Math.fma(inverse, m - 1, -x));

    float ln2 = LOG_LN2_HIGH * e;
    float ln2Low = Math.fma(LOG_LN2_LOW, e, Math.fma(LOG_LN2_HIGH, e, -ln2));
    float high = ln2 + 2 * x;
    float low = ln2 - high + 2 * x + ln2Low + 2 * xLow;
    float rest = x * x * x * polynomial(LOG, x * x);
    float result = high + rest;
    return result + (high - result + rest + low);
  }

  private static float polynomial(float[] coefficients, float x) {
    float value = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      value = Math.fma(value, x, coefficients[i]);
    }
    return value;
  }

  /** The sum inside a softmax: one vector of partial sums, folded in halves. */
  static float softmaxSum(float[] values) {
    if (values.length < LANES) {
      float sum = values[0];
      for (int i = 1; i < values.length; i++) {
        sum += values[i];
      }
      return sum;
    }
    float[] lanes = new float[LANES];
    for (int i = 0; i < values.length; i++) {
      lanes[i % LANES] += values[i];
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  /**
   * {@code tensor.sum(-1)} of one row: what does not fill a vector first, then lane after lane; a
   * row shorter than a vector is one lane.
   */
  static float sum(float[] values) {
    if (values.length < LANES) {
      return laneSum(values, 0, 1);
    }
    float sum = 0;
    for (int i = values.length / LANES * LANES; i < values.length; i++) {
      sum += values[i];
    }
    for (int lane = 0; lane < LANES; lane++) {
      sum += laneSum(values, lane, LANES);
    }
    return sum;
  }

  /** Every stride-th value, as many as whole vectors have: four sums of every fourth, added up. */
  private static float laneSum(float[] values, int start, int stride) {
    int count = values.length / stride;
    int each = count / ROWS;
    float sum = cascade(values, start, ROWS * stride, each);
    for (int i = ROWS * each; i < count; i++) {
      sum += values[start + i * stride];
    }
    for (int row = 1; row < ROWS; row++) {
      sum += cascade(values, start + row * stride, ROWS * stride, each);
    }
    return sum;
  }

  /** Sums of 16, their sums of 16, and so on: rounding grows with the levels, not the count. */
  private static float cascade(float[] values, int start, int stride, int count) {
    float[] levels = new float[LEVELS];
    for (int i = 1; i <= count; i++) {
      levels[0] += values[start + (i - 1) * stride];
      for (int j = 1; j < LEVELS && i % (1 << j * LEVEL_BITS) == 0; j++) {
        levels[j] += levels[j - 1];
        levels[j - 1] = 0;
      }
    }
    float sum = levels[0];
    for (int j = 1; j < LEVELS; j++) {
      sum += levels[j];
    }
    return sum;
  }
}
