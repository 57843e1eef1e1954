package org.dualoptim.vision.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Objective;

/**
 * Which weights matter to the forget set and which to the retain set, from one pass over each at
 * the weights as they are, evaluation mode.
 */
final class Saliency {
  private Saliency() {}

  /** How a batch's gradient enters the average. */
  private enum Moment {
    MEAN,
    MEAN_SQUARE
  }

  /** SalUn's mask: global rank of {@code |mean forget gradient| - |mean retain gradient|}. */
  static Mask salun(VisionSession session, double ratio) {
    return compare(
        session,
        Moment.MEAN,
        (forget, retain, owner) -> Mask.topFraction(forget, retain, ratio, owner));
  }

  /** SFRon's mask: ratio of Fisher diagonals, the squares of batch-mean gradients. */
  static Mask fisher(VisionSession session, double threshold) {
    return compare(
        session,
        Moment.MEAN_SQUARE,
        (forget, retain, owner) -> Mask.fisherRatio(forget, retain, threshold, owner));
  }

  private interface Rule {
    Mask mask(NDList forget, NDList retain, NDManager owner);
  }

  private static Mask compare(VisionSession session, Moment moment, Rule rule) {
    Classifier classifier = session.classifier();
    NDManager owner = session.owner();
    try (Scope scope = Scope.detached(owner)) {
      NDList forget =
          average(classifier, session.preparation(Objective.FORGET), moment, scope.manager());
      NDList retain =
          average(classifier, session.preparation(Objective.RETAIN), moment, scope.manager());
      return rule.mask(forget, retain, owner);
    }
  }

  /**
   * The plain mean over batches, in which a partial batch counts like a full one; owned by {@code
   * owner}.
   */
  private static NDList average(
      Classifier classifier, Batches<LabeledBatch> batches, Moment moment, NDManager owner) {
    NDList parameters = classifier.parameters().trainable().arrays();
    NDList sum = TorchOps.zerosLike(owner, parameters);
    for (int index = 0; index < batches.perPass(); index++) {
      try (Scope scope = Scope.recording(owner)) {
        LabeledBatch batch = batches.load(0, index, scope.manager());
        NDArray loss =
            Losses.crossEntropy(classifier.logits(batch.inputs(), false), batch.labels());
        NDList gradients = TorchOps.grads(loss, parameters);
        try (Scope update = Scope.detached(owner)) {
          if (moment == Moment.MEAN) {
            TorchOps.add(sum, gradients, 1.0 / batches.perPass());
          } else {
            TorchOps.addSquare(sum, gradients, 1.0 / batches.perPass());
          }
        }
      }
    }
    return sum;
  }
}
