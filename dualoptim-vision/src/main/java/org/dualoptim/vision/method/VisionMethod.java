package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.UnlearningMethod;

/** A method for classifiers. */
public interface VisionMethod extends UnlearningMethod<VisionSession> {

  /** The objectives that its plan has parts for; FORGET and RETAIN unless it says otherwise. */
  default Set<Objective> objectives() {
    return Set.of(Objective.FORGET, Objective.RETAIN);
  }

  /** Whether it trains a network from its initial values rather than changing a trained one. */
  default boolean startsAnew() {
    return false;
  }
}
