package org.dualoptim.eval.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * ROUGE recall as rouge_score 0.1.2 computes it with its stemmer, which TOFU's evaluation uses.
 *
 * <p>Words: the lower-cased text's runs of a-z and 0-9; those longer than three letters are stemmed
 * ({@link PorterStemmer}). {@code rouge1 = sum_w min(count in target, count in prediction) /
 * |target|}, {@code rougeL = longest common subsequence / |target|}. An empty target or prediction
 * scores 0. Source: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004.
 *
 * @param rouge1Recall 0..1
 * @param rougeLRecall 0..1
 */
public record Rouge(double rouge1Recall, double rougeLRecall) {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");
  private static final int LONGEST_UNSTEMMED = 3;

  /**
   * Scores one prediction.
   *
   * @param target the reference answer
   * @param prediction the generated one
   */
  public static Rouge of(String target, String prediction) {
    List<String> wanted = words(target);
    List<String> found = words(prediction);
    if (wanted.isEmpty() || found.isEmpty()) {
      return new Rouge(0, 0);
    }
    return new Rouge(
        (double) commonWords(wanted, found) / wanted.size(),
        (double) longestCommonSubsequence(wanted, found) / wanted.size());
  }

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty()) {
        words.add(word.length() > LONGEST_UNSTEMMED ? PorterStemmer.stem(word) : word);
      }
    }
    return words;
  }

  private static int commonWords(List<String> wanted, List<String> found) {
    Map<String, Integer> left = new HashMap<>();
    found.forEach(word -> left.merge(word, 1, Integer::sum));
    int common = 0;
    for (String word : wanted) {
      if (left.merge(word, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return common;
  }

  private static int longestCommonSubsequence(List<String> wanted, List<String> found) {
    int[] lengths = new int[found.size() + 1];
    for (String word : wanted) {
      int diagonal = 0;
      for (int j = 1; j < lengths.length; j++) {
        int above = lengths[j];
        lengths[j] = word.equals(found.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
        diagonal = above;
      }
    }
    return lengths[found.size()];
  }
}
