package org.dualoptim.core.unlearn;

/**
 * What a gradient step serves: Algorithm 1 of the paper alternates {@link #FORGET} and {@link
 * #RETAIN}; a {@link #JOINT} step descends one loss that mixes both and therefore accepts only a
 * shared optimizer.
 */
public enum Objective {
  FORGET,
  RETAIN,
  JOINT;

  /** The name in recipes, parity cases and telemetry: lower case. */
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
