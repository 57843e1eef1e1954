package org.dualoptim.core.tensor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What an array is to its network: whether a run trains it, changes it or leaves it alone, and
 * which rule steps it (Muon takes {@link #HIDDEN} matrices).
 */
public enum Role {
  /** Weight of the layer that reads the input: first convolution, embedding. */
  INPUT,
  /** Any other matrix or convolution kernel. */
  HIDDEN,
  /** Weight of the layer that makes the output. */
  OUTPUT,
  /** Scale or shift of a normalisation. */
  NORM,
  /** Any other vector. */
  BIAS,
  /** Not trained, but part of the result: running statistics, constants. */
  BUFFER,
  /**
   * Never changed by a run, and so in none of its files: the base under adapters. Of any type, also
   * one that Java cannot read.
   */
  FROZEN;

  /** As recipes write it. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
