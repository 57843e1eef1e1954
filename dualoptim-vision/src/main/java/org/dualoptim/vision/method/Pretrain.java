package org.dualoptim.vision.method;

import org.dualoptim.core.unlearn.Plan;

/**
 * Trains the model that is later to forget: {@link FineTune} from fresh weights on the pretraining
 * set, forget set included.
 */
public record Pretrain() implements VisionMethod {

  @Override
  public Plan plan(VisionSession session) {
    return new FineTune().plan(session);
  }
}
