package org.dualoptim.eval.metric;

/**
 * The membership inference attack of the paper's tables: a logistic regression on one feature, the
 * entropy of the prediction.
 *
 * <ol>
 *   <li>h = entropy of softmax(logits), float32, in nats, unscaled.
 *   <li>Fit on all retain rows (members, y = 1) and all test rows (y = -1): minimise {@code w^2 / 2
 *       + sum_i omega_i log(1 + exp(-y_i (w h_i + b)))}, {@code omega = n / (2 n_class)}; the
 *       intercept is not penalised.
 *   <li>A row is taken for a member where {@code w h + b > 0}; MIA is the percentage of the forget
 *       set so taken.
 * </ol>
 *
 * <p>Its target is the retrained model's value, neither 0 nor 100: an under-forgotten model lies
 * above it, one that forgets by random labels below. The official code fits with scikit-learn's
 * {@code LogisticRegression(class_weight="balanced")} (L-BFGS); the objective is strictly convex,
 * so Newton's method to convergence finds the same minimum.
 *
 * @param weight w, per nat
 * @param bias b
 */
public record EntropyMia(double weight, double bias) {
  private static final int MAX_NEWTON_STEPS = 200;
  private static final double ENOUGH_DECREASE = 1e-4;
  private static final double SHORTEST = 1e-9;

  /** Twice the loss still to gain, relative to the loss: about what a double can show. */
  private static final double CONVERGED = 1e-14;

  /**
   * Fits the attack to a model's outputs.
   *
   * @param retain logits [N, C] on the retain set
   * @param test logits [M, C] on the test set
   */
  public static EntropyMia fit(float[][] retain, float[][] test) {
    return fitEntropies(entropies(retain), entropies(test));
  }

  /**
   * Fits the attack to entropies.
   *
   * @param retain [N] nats, members
   * @param test [M] nats, non-members
   */
  static EntropyMia fitEntropies(float[] retain, float[] test) {
    TrainingSet set = new TrainingSet(retain, test);
    double w = 0;
    double b = 0;
    Loss here = set.lossAt(w, b);
    for (int i = 0; i < MAX_NEWTON_STEPS; i++) {
      double determinant = here.hww * here.hbb - here.hwb * here.hwb;
      double stepW = (here.hwb * here.gb - here.hbb * here.gw) / determinant;
      double stepB = (here.hwb * here.gw - here.hww * here.gb) / determinant;
      double slope = here.gw * stepW + here.gb * stepB;
      if (!(slope < -CONVERGED * here.value)) {
        break;
      }
      double length = 1;
      Loss there = set.lossAt(w + stepW, b + stepB);
      while (there.value > here.value + ENOUGH_DECREASE * length * slope && length > SHORTEST) {
        length /= 2;
        there = set.lossAt(w + length * stepW, b + length * stepB);
      }
      if (!(there.value < here.value)) {
        break;
      }
      w += length * stepW;
      b += length * stepB;
      here = there;
    }
    return new EntropyMia(w, b);
  }

  /** Whether the attack takes a row with this entropy (nats) for training data. */
  public boolean isMember(double entropy) {
    return weight * entropy + bias > 0;
  }

  /**
   * The MIA of the tables.
   *
   * @param forget logits [N, C] on the forget set
   * @return the percentage of rows taken for training data, 0..100
   */
  public double percent(float[][] forget) {
    int members = 0;
    for (float entropy : entropies(forget)) {
      if (isMember(entropy)) {
        members++;
      }
    }
    return 100.0 * members / forget.length;
  }

  private static float[] entropies(float[][] logits) {
    float[][] probabilities = Softmax.of(logits);
    float[] entropies = new float[probabilities.length];
    for (int i = 0; i < entropies.length; i++) {
      entropies[i] = Softmax.entropy(probabilities[i]);
    }
    return entropies;
  }

  /** Entropies of members and others, each side weighing half. */
  private record TrainingSet(float[] members, float[] others) {

    Loss lossAt(double w, double b) {
      double half = (members.length + others.length) / 2.0;
      Loss penalty = new Loss(w * w / 2, w, 0, 1, 0, 0);
      return penalty
          .plus(w, b, members, 1, half / members.length)
          .plus(w, b, others, -1, half / others.length);
    }
  }

  /** The objective with its gradient and Hessian in (w, b). */
  private record Loss(double value, double gw, double gb, double hww, double hwb, double hbb) {

    Loss plus(double w, double b, float[] entropies, int y, double omega) {
      double v = 0;
      double g0 = 0;
      double g1 = 0;
      double h0 = 0;
      double h1 = 0;
      double h2 = 0;
      for (float h : entropies) {
        double margin = y * (w * h + b);
        double e = Math.exp(-Math.abs(margin));
        v += Math.log1p(e) + Math.max(-margin, 0);
        double wrong = margin > 0 ? e / (1 + e) : 1 / (1 + e); // sigmoid(-margin)
        double curvature = e / ((1 + e) * (1 + e));
        g0 -= y * wrong;
        g1 -= y * wrong * h;
        h0 += curvature;
        h1 += curvature * h;
        h2 += curvature * h * h;
      }
      return new Loss(
          value + omega * v,
          gw + omega * g1,
          gb + omega * g0,
          hww + omega * h2,
          hwb + omega * h1,
          hbb + omega * h0);
    }
  }
}
