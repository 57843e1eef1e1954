package org.dualoptim.eval.metric;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/**
 * The membership inference attack in the style of SalUn: a support vector classifier on a feature
 * of the prediction.
 *
 * <ol>
 *   <li>p = softmax(logits) in float32; feature of p and the true class, {@link Feature}.
 *   <li>Fit an RBF C-SVC (C = 3, gamma = 1 / features, tolerance 1e-3, shrinking) on the first
 *       min(|retain|, |test|) rows of retain (members) and all rows of test (non-members),
 *       unscaled.
 *   <li>Score = share of the forget set that is taken for unseen data.
 * </ol>
 *
 * <p>The direction is opposite to {@link EntropyMia}'s: there members are counted. Source: C. Fan
 * et al., "SalUn", ICLR 2024, which fits with scikit-learn's {@code SVC}; both run libsvm, so both
 * reach the same support vectors.
 *
 * <p>Time grows with the square of the rows fitted: 2 x 10,000 rows take up to a minute on one
 * core.
 */
public final class SvcMia {
  private static final double C = 3;
  private static final double TOLERANCE = 1e-3;
  private static final double KERNEL_CACHE_MIB = 200;
  private static final int MEMBER = 1;
  private static final int OTHER = 0;

  static {
    // libsvm reports to standard output, which belongs to results, unless it is told otherwise for
    // the whole JVM
    svm.svm_set_print_string_function(line -> {});
  }

  private SvcMia() {}

  /** What the attack looks at, p being a row's probabilities and y its true class. */
  public enum Feature {
    /** 1 if the first largest p is p_y, else 0. */
    CORRECTNESS,
    /** p_y. */
    CONFIDENCE,
    /** {@code -sum_c p_c ln p_c}. */
    ENTROPY,
    /**
     * {@code -sum_c q_c ln p_c} with {@code q_c = 1 - p_c} for every class that occurs among the
     * set's targets and {@code q_c = p_c} for the others; ln 0 is ln 1e-30. This is what the
     * official code computes, not the modified entropy of L. Song and P. Mittal, which inverts only
     * the row's own class, and its logarithm with it.
     */
    M_ENTROPY,
    /** All of p. */
    PROB;

    /** The name in recipes and parity cases: {@code m-entropy}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The feature of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Feature of(String id) {
      return Arrays.stream(values())
          .filter(feature -> feature.id().equals(id))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "There is no attack feature '"
                          + id
                          + "'; use one of "
                          + Arrays.stream(values())
                              .map(Feature::id)
                              .collect(Collectors.joining(", "))
                          + "."));
    }

    /** The feature of every row of a set: [N, 1], or [N, C] for {@link #PROB}. */
    private float[][] of(Predictions set) {
      float[][] p = Softmax.of(set.logits());
      int[] y = set.targets();
      return switch (this) {
        case CORRECTNESS -> column(p.length, i -> Softmax.argmax(p[i]) == y[i] ? 1 : 0);
        case CONFIDENCE -> column(p.length, i -> p[i][y[i]]);
        case ENTROPY -> column(p.length, i -> Softmax.entropy(p[i]));
        case M_ENTROPY -> {
          BitSet inverted = new BitSet();
          IntStream.of(y).forEach(inverted::set);
          yield column(p.length, i -> modifiedEntropy(p[i], inverted));
        }
        case PROB -> p;
      };
    }

    private static float[][] column(int rows, IntToDoubleFunction value) {
      float[][] column = new float[rows][1];
      for (int i = 0; i < rows; i++) {
        column[i][0] = (float) value.applyAsDouble(i);
      }
      return column;
    }

    private static float modifiedEntropy(float[] p, BitSet inverted) {
      float[] terms = new float[p.length];
      for (int c = 0; c < p.length; c++) {
        float q = inverted.get(c) ? 1 - p[c] : p[c];
        terms[c] = q * TorchFloat.log(p[c] > 0 ? p[c] : 1e-30f);
      }
      return 0 - TorchFloat.sum(terms);
    }
  }

  /**
   * Fits the attack and scores the forget set.
   *
   * @param feature what the attack looks at
   * @param retain in data set order
   * @param test all of it
   * @param forget the rows to judge
   * @return the share of forget rows taken for unseen data, 0..1
   * @throws IllegalArgumentException if the sets have different numbers of classes
   */
  public static double score(
      Feature feature, Predictions retain, Predictions test, Predictions forget) {
    int classes = retain.logits()[0].length;
    if (test.logits()[0].length != classes || forget.logits()[0].length != classes) {
      throw new IllegalArgumentException(
          "Retain, test and forget predictions have "
              + classes
              + ", "
              + test.logits()[0].length
              + " and "
              + forget.logits()[0].length
              + " classes; evaluate one model on all three.");
    }
    svm_model attack =
        fit(feature.of(retain.first(Math.min(retain.size(), test.size()))), feature.of(test));
    float[][] judged = feature.of(forget);
    int members = 0;
    for (float[] row : judged) {
      if (svm.svm_predict(attack, nodes(row)) == MEMBER) {
        members++;
      }
    }
    return 1 - (double) members / judged.length;
  }

  /**
   * Non-members first: scikit-learn sorts the classes, libsvm takes them as they come, and their
   * order breaks the solver's ties.
   */
  private static svm_model fit(float[][] members, float[][] others) {
    svm_problem problem = new svm_problem();
    problem.l = members.length + others.length;
    problem.x = new svm_node[problem.l][];
    problem.y = new double[problem.l];
    for (int i = 0; i < problem.l; i++) {
      boolean other = i < others.length;
      problem.x[i] = nodes(other ? others[i] : members[i - others.length]);
      problem.y[i] = other ? OTHER : MEMBER;
    }
    svm_parameter parameters = new svm_parameter();
    parameters.svm_type = svm_parameter.C_SVC;
    parameters.kernel_type = svm_parameter.RBF;
    parameters.C = C;
    parameters.gamma = 1.0 / members[0].length;
    parameters.eps = TOLERANCE;
    parameters.shrinking = 1;
    parameters.cache_size = KERNEL_CACHE_MIB;
    return svm.svm_train(problem, parameters);
  }

  private static svm_node[] nodes(float[] row) {
    svm_node[] nodes = new svm_node[row.length];
    for (int i = 0; i < row.length; i++) {
      nodes[i] = new svm_node();
      nodes[i].index = i + 1;
      nodes[i].value = row[i];
    }
    return nodes;
  }
}
