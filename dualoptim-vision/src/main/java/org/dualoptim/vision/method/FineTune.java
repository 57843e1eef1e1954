package org.dualoptim.vision.method;

import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/**
 * Descends mean cross-entropy on the retain set. From the trained weights this is the baseline FT;
 * from fresh weights it is the retrained model RT that every gap is measured against, and with an
 * empty forget set it is pretraining.
 */
public record FineTune() implements VisionMethod {

  @Override
  public Plan plan(VisionSession session) {
    return Plan.of(
        session.schedule(),
        Part.descend(
            Objective.RETAIN,
            session.batches(Objective.RETAIN),
            Losses.crossEntropy(session.classifier())));
  }
}
