package org.dualoptim.vision.method;

import java.util.Set;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Plan;

/**
 * Trains the model that is later to forget: the steps of {@link FineTune} from fresh weights on the
 * pretraining set, forget set included.
 */
public record Pretrain() implements VisionMethod {

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
