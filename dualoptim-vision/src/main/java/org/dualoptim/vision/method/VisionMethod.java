package org.dualoptim.vision.method;

import org.dualoptim.core.unlearn.UnlearningMethod;

/** A method for classifiers. */
public interface VisionMethod extends UnlearningMethod<VisionSession> {

  /** Whether it trains a network from its initial values rather than changing a trained one. */
  default boolean startsAnew() {
    return false;
  }
}
