package org.dualoptim.vision.method;

import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/**
 * SalUn: {@link RandomLabel} whose gradients, of both objectives, are masked to the most salient
 * weights. Weight decay and momentum are not masked.
 *
 * <p>Saliency at the starting weights, in evaluation mode: {@code |mean over forget batches of grad
 * CE| - |mean over retain batches of grad CE|}; the {@code ratio} largest over all parameters
 * together keep their gradient. The official code subtracts the retain magnitude where the SalUn
 * paper (Fan et al. 2024, arXiv 2310.12508) does not; see docs/deviations.md.
 *
 * @param ratio share of the weights that keep their gradient, in [0, 1]
 */
public record SalUn(double ratio) implements VisionMethod {

  public SalUn {
    Check.between("ratio", 0, 1, ratio);
  }

  @Override
  public Plan plan(VisionSession session) {
    Classifier classifier = session.classifier();
    Mask mask = session.mask(new Saliency(Saliency.Rule.TOP_FRACTION, ratio));
    return Plan.of(
        session.schedule(),
        Part.descend(
                Objective.FORGET,
                session.relabelled(Objective.FORGET),
                Losses.crossEntropy(classifier))
            .then(mask),
        Part.descend(
                Objective.RETAIN,
                session.batches(Objective.RETAIN),
                Losses.crossEntropy(classifier))
            .then(mask));
  }
}
