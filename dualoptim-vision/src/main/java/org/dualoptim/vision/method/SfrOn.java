package org.dualoptim.vision.method;

import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.unlearn.ClipGlobalNorm;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/**
 * SFRon (Huang et al. 2024, arXiv 2409.19732) as the official DualOptim code runs it. A FORGET step
 * ascends the adaptive mean of the cross-entropies {@code l_i} of a batch, {@code A = sum(c_i l_i)
 * / sum(c_i)} with {@code c_i = 1 / (l_i^lambda + 1e-15)} held constant: {@code loss = -alpha_t A},
 * where {@code alpha_t} is alpha times the schedule's factor; then mask, then clip. A RETAIN step
 * descends mean cross-entropy, unmasked and unclipped.
 *
 * <p>The mask keeps a weight if {@code (F_f + 1e-15) / (F_r + 1e-15) >= threshold}, with F the mean
 * over batches of the squared gradient of the batch-mean cross-entropy at the starting weights, in
 * evaluation mode.
 *
 * @param alpha strength of the ascent
 * @param lambda exponent of the adaptive weights
 * @param maxNorm global norm to which masked forget gradients are clipped
 * @param threshold ratio of Fisher diagonals from which a weight keeps its forget gradient
 */
public record SfrOn(double alpha, double lambda, double maxNorm, double threshold)
    implements VisionMethod {

  public SfrOn {
    Check.nonNegative("alpha", alpha);
    Check.nonNegative("lambda", lambda);
    Check.nonNegative("max_norm", maxNorm);
    Check.require(threshold >= 0, "threshold", ">= 0", threshold);
  }

  @Override
  public Plan plan(VisionSession session) {
    Classifier classifier = session.classifier();
    Mask mask = session.mask(new Saliency(Saliency.Rule.FISHER_RATIO, threshold));
    return Plan.of(
        session.schedule(),
        Part.descend(
                Objective.FORGET,
                session.batches(Objective.FORGET),
                (batch, moment) ->
                    Losses.adaptiveAscent(
                            classifier.logits(batch.inputs(), true), batch.labels(), lambda)
                        .mul((float) (alpha * moment.factor())))
            .then(mask, new ClipGlobalNorm(maxNorm)),
        Part.descend(
            Objective.RETAIN, session.batches(Objective.RETAIN), Losses.crossEntropy(classifier)));
  }
}
