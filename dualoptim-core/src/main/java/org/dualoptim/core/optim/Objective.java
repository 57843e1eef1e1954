package org.dualoptim.core.optim;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What a gradient step serves: Algorithm 1 of the paper alternates {@link #FORGET} and {@link
 * #RETAIN}; a {@link #JOINT} step descends one loss that mixes both and therefore accepts only a
 * shared optimizer.
 */
public enum Objective {
  @JsonProperty("forget")
  FORGET,
  @JsonProperty("retain")
  RETAIN,
  @JsonProperty("joint")
  JOINT;

  /** The name in recipes, parity cases and telemetry: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
