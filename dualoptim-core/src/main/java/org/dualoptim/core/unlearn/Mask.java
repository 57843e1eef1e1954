package org.dualoptim.core.unlearn;
import ai.djl.ndarray.*;
public record Mask(NDList masks) implements GradientTransform {
  public String kind() { return "mask"; }
  public void apply(NDList g) { org.dualoptim.core.tensor.TorchOps.mask(g, masks); }
  public static Mask topFraction(NDList f, NDList r, double ratio, NDManager o) { throw new IllegalStateException(); }
  public static Mask fisherRatio(NDList f, NDList r, double ratio, NDManager o) { throw new IllegalStateException(); }
}
