package org.dualoptim.vision.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Mask;

/**
 * Which weights matter to the forget set and which to the retain set, from one pass over each at
 * the weights as they are, evaluation mode.
 *
 * @param rule how gradients become a mask
 * @param level the rule's ratio or threshold
 */
public record Saliency(Rule rule, double level) {

  /** How the gradients of both sets become a mask. */
  public enum Rule {
    /**
     * SalUn's: the share {@code level} of all weights with the largest {@code |mean forget
     * gradient| - |mean retain gradient|}.
     */
    TOP_FRACTION,
    /**
     * SFRon's: weights whose ratio of Fisher diagonals, the means of squared batch gradients, is at
     * least {@code level}.
     */
    FISHER_RATIO
  }

  /** Computes the mask. */
  public Mask mask(VisionSession session) {
    NDManager owner = session.owner();
    try (Scope scope = Scope.detached(owner)) {
      NDList forget = average(session, Objective.FORGET, scope.manager());
      NDList retain = average(session, Objective.RETAIN, scope.manager());
      return switch (rule) {
        case TOP_FRACTION -> Mask.topFraction(forget, retain, level, owner);
        case FISHER_RATIO -> Mask.fisherRatio(forget, retain, level, owner);
      };
    }
  }

  /**
   * The plain mean over batches of gradients, or of their squares, in which a partial batch counts
   * like a full one; owned by {@code owner}.
   */
  private NDList average(VisionSession session, Objective objective, NDManager owner) {
    Classifier classifier = session.classifier();
    Batches<LabeledBatch> batches = session.preparation(objective);
    NDList parameters = classifier.parameters().trainable().arrays();
    NDList sum = TorchOps.zerosLike(owner, parameters);
    for (int index = 0; index < batches.perPass(); index++) {
      try (Scope scope = Scope.recording(owner)) {
        scope.borrow(classifier.parameters().arrays());
        LabeledBatch batch = batches.load(0, index, scope.manager());
        NDArray loss =
            Losses.crossEntropy(classifier.logits(batch.inputs(), false), batch.labels());
        NDList gradients = TorchOps.grads(loss, parameters);
        try (Scope update = Scope.detached(owner)) {
          switch (rule) {
            case TOP_FRACTION -> TorchOps.add(sum, gradients, 1.0 / batches.perPass());
            case FISHER_RATIO -> TorchOps.addSquare(sum, gradients, 1.0 / batches.perPass());
          }
        }
      }
    }
    return sum;
  }
}
