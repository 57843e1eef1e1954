package org.dualoptim.eval.metric;

import org.dualoptim.core.unlearn.NotFiniteException;

/**
 * Class probabilities and their entropy in float32, as the official attacks compute them with
 * PyTorch: a probability that a float cannot tell from 1 adds nothing to the entropy.
 */
final class Softmax {
  private Softmax() {}

  /**
   * Refuses what has no softmax: no rows, rows without or with different numbers of classes, NaN or
   * infinity as the largest logit.
   */
  static void check(float[][] logits) {
    if (logits.length == 0) {
      throw new IllegalArgumentException("There are no predictions; evaluate at least one row.");
    }
    for (int i = 0; i < logits.length; i++) {
      if (logits[i].length == 0 || logits[i].length != logits[0].length) {
        throw new IllegalArgumentException(
            "Row "
                + i
                + " has "
                + logits[i].length
                + " logits and row 0 has "
                + logits[0].length
                + "; all need the same, at least 1.");
      }
      if (!Float.isFinite(max(logits[i]))) {
        throw new NotFiniteException("the largest logit of row " + i, max(logits[i]));
      }
    }
  }

  /**
   * Probabilities [N, C] of logits [N, C]: {@code exp(x - max) (1 / sum)}, every step rounded to
   * float.
   */
  static float[][] of(float[][] logits) {
    check(logits);
    float[][] probabilities = new float[logits.length][];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = of(logits[i]);
    }
    return probabilities;
  }

  private static float[] of(float[] logits) {
    float max = max(logits);
    float[] p = new float[logits.length];
    for (int c = 0; c < p.length; c++) {
      p[c] = TorchFloat.exp(logits[c] - max);
    }
    float scale = 1 / TorchFloat.softmaxSum(p);
    for (int c = 0; c < p.length; c++) {
      p[c] *= scale;
    }
    return p;
  }

  private static float max(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit); // NaN stays NaN
    }
    return max;
  }

  /**
   * The entropy of one row's probabilities in nats: {@code -sum p ln p} over the classes with p
   * &gt; 0.
   */
  static float entropy(float[] probabilities) {
    float[] terms = new float[probabilities.length];
    for (int c = 0; c < terms.length; c++) {
      float p = probabilities[c];
      terms[c] = p > 0 ? p * TorchFloat.log(p) : 0;
    }
    return 0 - TorchFloat.sum(terms);
  }

  /** The class with the largest value, the first one of equals (as torch.argmax on the CPU). */
  static int argmax(float[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      if (values[c] > values[best]) {
        best = c;
      }
    }
    return best;
  }
}
