package org.dualoptim.vision.method;

import ai.djl.ndarray.NDArray;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Loss;

/**
 * The losses that methods are made of, of logits [B,C], each a scalar [] in the logits' manager.
 */
public final class Losses {
  private Losses() {}

  /** Mean cross-entropy in nats against labels [B], int64. */
  public static NDArray crossEntropy(NDArray logits, NDArray labels) {
    return TorchOps.crossEntropy(logits, labels);
  }

  /**
   * SFRon's ascent: {@code -A} with {@code A = sum(c_i l_i) / sum(c_i)}, {@code l_i} the
   * cross-entropy of a sample and {@code c_i = 1 / (l_i^lambda + 1e-15)} held constant, so that
   * samples that are already forgotten count less.
   *
   * @param labels [B] int64
   */
  public static NDArray adaptiveAscent(NDArray logits, NDArray labels, double lambda) {
    return TorchOps.adaptiveMean(TorchOps.crossEntropyEach(logits, labels), lambda).neg();
  }

  /**
   * {@code T^2 KL(softmax(teacher / T) || softmax(logits / T))}, summed over classes, averaged over
   * the batch; no gradient to the teacher.
   *
   * @param teacher [B,C]
   */
  public static NDArray klTeacher(NDArray logits, NDArray teacher, double temperature) {
    return TorchOps.klTeacher(logits, teacher, temperature);
  }

  /** Mean cross-entropy of a network in training mode. */
  static Loss<LabeledBatch> crossEntropy(Classifier classifier) {
    return (batch, moment) -> crossEntropy(classifier.logits(batch.inputs(), true), batch.labels());
  }
}
