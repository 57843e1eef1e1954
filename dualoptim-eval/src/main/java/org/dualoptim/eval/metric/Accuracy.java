package org.dualoptim.eval.metric;

/**
 * Top-1 accuracy: FA on the forget set, RA on the retain set, TA on the test set (paper, section
 * 5).
 */
public final class Accuracy {
  private Accuracy() {}

  /**
   * The share of rows whose largest logit is the target's, in percent; of equal logits the first
   * counts.
   *
   * @param predictions a whole set, made in evaluation mode without augmentation
   * @return 0..100
   */
  public static double percent(Predictions predictions) {
    int right = 0;
    for (int i = 0; i < predictions.size(); i++) {
      if (Softmax.argmax(predictions.logits()[i]) == predictions.targets()[i]) {
        right++;
      }
    }
    return 100.0 * right / predictions.size();
  }
}
