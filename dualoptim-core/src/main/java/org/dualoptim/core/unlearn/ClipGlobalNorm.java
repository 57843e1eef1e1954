package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Shortens a gradient that is too long, seen as one vector: {@code g *= min(1, max_norm / (||g|| +
 * 1e-6))}, as torch's {@code clip_grad_norm_}.
 *
 * @param maxNorm the longest that passes, 7 in SFRon; 0 lets nothing pass
 */
public record ClipGlobalNorm(double maxNorm) implements GradientTransform {

  public ClipGlobalNorm {
    Check.nonNegative("max_norm", maxNorm);
  }

  @Override
  public String kind() {
    return "clip";
  }

  @Override
  public void apply(NDList gradients, LoopState state) {
    TorchOps.clip(gradients, maxNorm);
  }
}
