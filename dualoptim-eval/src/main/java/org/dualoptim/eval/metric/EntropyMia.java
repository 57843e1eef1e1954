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
 * above it, one that forgets by random labels below.
 *
 * <p>The official code fits with scikit-learn's {@code
 * LogisticRegression(class_weight="balanced")}, and so does this: from (0, 0), {@link Lbfgs} with
 * gradient tolerance 1e-4 and at most 100 iterations. On most outputs that is the minimum; where
 * both sets are so confident that entropies barely differ, the fit ends early and the printed MIA
 * is what that early end says: 0 if not even the first gradient exceeds the tolerance.
 *
 * @param weight w, per nat
 * @param bias b
 */
public record EntropyMia(double weight, double bias) {
  private static final double GRADIENT_TOLERANCE = 1e-4;
  private static final int MAX_ITERATIONS = 100;

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
    double[] fitted =
        Lbfgs.minimise(set::lossAt, new double[2], GRADIENT_TOLERANCE, MAX_ITERATIONS);
    return new EntropyMia(fitted[0], fitted[1]);
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

  /**
   * Entropies of members and others, each side weighing half.
   *
   * <p>At (0, 0) the two sides' pulls on the bias cancel but for rounding. Where a fit ends after
   * one step that rounding is the bias, and its sign judges every forget row of entropy 0; so
   * losses and slopes are weighed row by row and summed in the reference's order.
   */
  private record TrainingSet(float[] members, float[] others) {

    Lbfgs.Point lossAt(double[] coefficients) {
      double w = coefficients[0];
      double b = coefficients[1];
      int n = members.length + others.length;
      double[] losses = new double[n];
      double[] slopes = new double[n]; // of each loss in b
      double slopeInW = 0;
      for (int i = 0; i < n; i++) {
        boolean member = i < members.length;
        int y = member ? 1 : -1;
        double h = member ? members[i] : others[i - members.length];
        double omega = n / 2.0 / (member ? members.length : others.length);
        double margin = y * (w * h + b);
        double e = Math.exp(-Math.abs(margin));
        double wrong = margin > 0 ? e / (1 + e) : 1 / (1 + e); // sigmoid(-margin)
        losses[i] = omega * (Math.log1p(e) + Math.max(-margin, 0));
        slopes[i] = omega * -y * wrong;
        slopeInW += slopes[i] * h;
      }
      return new Lbfgs.Point(
          coefficients,
          PairwiseSum.of(losses) + w * w / 2,
          new double[] {slopeInW + w, PairwiseSum.of(slopes)});
    }
  }
}
