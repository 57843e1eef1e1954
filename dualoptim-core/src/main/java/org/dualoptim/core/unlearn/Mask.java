package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Lets a gradient through only where a weight is salient: {@code g *= mask}.
 *
 * @param masks one array per trained parameter, boolean or 0/1, in its shape; they must live as
 *     long as the mask is used
 */
public record Mask(NDList masks) implements GradientTransform {

  /**
   * SalUn's saliency mask: the {@code floor(ratio * N)} of all N weights with the largest {@code
   * |forget| - |retain|}, ranked over all arrays together; of equal scores the first in order.
   *
   * <p>The original method ranks by {@code |forget|} alone; the paper's code subtracts the retain
   * gradients, and so does this. Source: Fan et al. 2024 (arXiv 2310.12508) and {@code
   * generate_mask.py} of the official code.
   *
   * @param forget mean gradients of the forget set, one array per parameter
   * @param retain mean gradients of the retain set
   * @param ratio the share of weights that may change, in [0, 1]
   * @param owner owns the masks
   * @throws NotFiniteException if a gradient is not finite
   */
  public static Mask topFraction(NDList forget, NDList retain, double ratio, NDManager owner) {
    Check.between("ratio", 0, 1, ratio);
    requireSameShapes(forget, retain);
    try (Scope scope = Scope.detached(owner)) {
      requireFinite(forget, "forget");
      requireFinite(retain, "retain");
      long count = forget.stream().mapToLong(array -> array.size()).sum();
      return owned(TorchOps.topMask(forget, retain, (long) Math.floor(ratio * count)), owner);
    }
  }

  /**
   * SFRon's mask: the weights that matter at least {@code threshold} times as much to the forget
   * set as to the retain set, {@code (F_f + 1e-15) / (F_r + 1e-15) >= threshold}.
   *
   * <p>Source: Huang et al. 2024 (arXiv 2409.19732) and {@code sfron.py} of the official code.
   *
   * @param forget Fisher diagonal of the forget set (means of squared gradients, float32), one
   *     array per parameter
   * @param retain Fisher diagonal of the retain set
   * @param threshold 1 in the paper
   * @param owner owns the masks
   * @throws NotFiniteException if a number of a diagonal is not finite
   */
  public static Mask fisherRatio(NDList forget, NDList retain, double threshold, NDManager owner) {
    requireSameShapes(forget, retain);
    try (Scope scope = Scope.detached(owner)) {
      requireFinite(forget, "forget");
      requireFinite(retain, "retain");
      return owned(TorchOps.ratioMask(forget, retain, threshold), owner);
    }
  }

  @Override
  public String kind() {
    return "mask";
  }

  @Override
  public void apply(NDList gradients, LoopState state) {
    TorchOps.mask(gradients, masks);
  }

  private static Mask owned(NDList masks, NDManager owner) {
    masks.attach(owner);
    return new Mask(masks);
  }

  private static void requireFinite(NDList gradients, String objective) {
    double largest = TorchOps.maxNorm(gradients);
    if (!Double.isFinite(largest)) {
      throw new NotFiniteException("a number of a mask's " + objective + " gradients", largest);
    }
  }

  private static void requireSameShapes(NDList forget, NDList retain) {
    if (forget.size() != retain.size()) {
      throw new IllegalArgumentException(
          "a mask needs as many forget as retain arrays, got "
              + forget.size()
              + " and "
              + retain.size());
    }
    for (int i = 0; i < forget.size(); i++) {
      if (!forget.get(i).getShape().equals(retain.get(i).getShape())) {
        throw new IllegalArgumentException(
            "array "
                + i
                + " of a mask has shape "
                + forget.get(i).getShape()
                + " for forget, "
                + retain.get(i).getShape()
                + " for retain");
      }
    }
  }
}
