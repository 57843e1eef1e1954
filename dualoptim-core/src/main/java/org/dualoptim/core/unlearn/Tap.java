package org.dualoptim.core.unlearn;

/**
 * Telemetry that costs something: a pass over all parameters and a copy of them. Losses and
 * gradient norms are always taken.
 */
public enum Tap {
  /** {@link StepRecord#cosine}. */
  COSINE,
  /** {@link StepRecord#updateNorm}. */
  UPDATE_NORM
}
