package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Plan;

/**
 * RT: the steps of {@link FineTune} from fresh weights, which gives the model that never saw the
 * forget set and that every gap is measured against.
 */
public record Retrain() implements VisionMethod {

  @Override
  public Set<Objective> objectives() {
    return new FineTune().objectives();
  }

  @Override
  public boolean startsAnew() {
    return true;
  }

  @Override
  public Plan plan(VisionSession session) {
    return new FineTune().plan(session);
  }
}
