package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/** FT: descends mean cross-entropy on the retain set, from the trained weights. */
public record FineTune() implements VisionMethod {

  @Override
  public Set<Objective> objectives() {
    return Set.of(Objective.RETAIN);
  }

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
