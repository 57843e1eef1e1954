package org.dualoptim.core.tensor;

/**
 * What an array is to its network; optimizers choose by it (Muon takes {@link #HIDDEN} matrices,
 * some recipes spare {@link #NORM}).
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
  /** Not trained: running statistics, constants. */
  BUFFER
}
