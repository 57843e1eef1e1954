package org.dualoptim.vision.method;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.MayBeAbsent;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/**
 * RL: trains the forget set towards labels drawn uniformly over all classes (the true one
 * included), anew at every pass, and the retain set towards its true labels, both by mean
 * cross-entropy.
 *
 * @param form {@code alternate}: a pass over the forget set as FORGET steps, then one over the
 *     retain set as RETAIN steps, as the tables were made; {@code joint}: both sets shuffled
 *     together as JOINT steps; absent means {@code alternate}
 */
public record RandomLabel(@MayBeAbsent Form form) implements VisionMethod {

  /** How forget and retain samples meet. */
  public enum Form {
    @JsonProperty("alternate")
    ALTERNATE,
    @JsonProperty("joint")
    JOINT
  }

  @Override
  public Set<Objective> objectives() {
    return form == Form.JOINT
        ? Set.of(Objective.JOINT)
        : Set.of(Objective.FORGET, Objective.RETAIN);
  }

  @Override
  public Plan plan(VisionSession session) {
    Classifier classifier = session.classifier();
    if (form == Form.JOINT) {
      return Plan.of(
          session.schedule(),
          Part.descend(
              Objective.JOINT,
              session.relabelled(Objective.JOINT),
              Losses.crossEntropy(classifier)));
    }
    return Plan.of(
        session.schedule(),
        Part.descend(
            Objective.FORGET,
            session.relabelled(Objective.FORGET),
            Losses.crossEntropy(classifier)),
        Part.descend(
            Objective.RETAIN, session.batches(Objective.RETAIN), Losses.crossEntropy(classifier)));
  }
}
