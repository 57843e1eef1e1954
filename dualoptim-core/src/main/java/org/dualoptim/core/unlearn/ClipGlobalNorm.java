package org.dualoptim.core.unlearn;
import ai.djl.ndarray.*;
public record ClipGlobalNorm(double maxNorm) implements GradientTransform {
  public String kind() { return "clip"; }
  public void apply(NDList g) { org.dualoptim.core.tensor.TorchOps.clip(g, maxNorm); }
}
