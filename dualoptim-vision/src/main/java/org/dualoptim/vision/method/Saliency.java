package org.dualoptim.vision.method;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.GradientMean;
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
      NDList forget = mean(session, Objective.FORGET, scope.manager());
      NDList retain = mean(session, Objective.RETAIN, scope.manager());
      return switch (rule) {
        case TOP_FRACTION -> Mask.topFraction(forget, retain, level, owner);
        case FISHER_RATIO -> Mask.fisherRatio(forget, retain, level, owner);
      };
    }
  }

  /** Owned by {@code owner}. */
  private NDList mean(VisionSession session, Objective objective, NDManager owner) {
    Classifier classifier = session.classifier();
    GradientMean.Term term =
        switch (rule) {
          case TOP_FRACTION -> TorchOps::add;
          case FISHER_RATIO -> TorchOps::addSquare;
        };
    return GradientMean.ofPass(
            session.preparation(objective),
            (LabeledBatch batch) ->
                Losses.crossEntropy(classifier.logits(batch.inputs(), false), batch.labels()),
            term)
        .at(classifier.parameters(), session.draws(), "saliency/" + objective.id(), owner);
  }
}
