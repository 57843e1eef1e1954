package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Plan;

/**
 * The steps of {@link FineTune} on a network's initial values; which rows is the domain's matter.
 */
interface FromFreshWeights extends VisionMethod {

  @Override
  default Set<Objective> objectives() {
    return new FineTune().objectives();
  }

  @Override
  default boolean startsAnew() {
    return true;
  }

  @Override
  default Plan plan(VisionSession session) {
    return new FineTune().plan(session);
  }
}
