package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/** GA: ascends mean cross-entropy on the forget set, {@code loss = -CE}; no retain data. */
public record GradientAscent() implements VisionMethod {

  @Override
  public Set<Objective> objectives() {
    return Set.of(Objective.FORGET);
  }

  @Override
  public Plan plan(VisionSession session) {
    Classifier classifier = session.classifier();
    return Plan.of(
        session.schedule(),
        Part.descend(
            Objective.FORGET,
            session.batches(Objective.FORGET),
            (batch, moment) ->
                Losses.crossEntropy(classifier.logits(batch.inputs(), true), batch.labels())
                    .neg()));
  }
}
