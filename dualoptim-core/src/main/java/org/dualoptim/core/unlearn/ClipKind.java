package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * The parity kind {@code clip}: gradients {@code grad/i} after clipping to {@code max_norm}, and
 * their {@code norm} before.
 */
public final class ClipKind implements ParityKind {

  @Override
  public String id() {
    return "clip";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    ClipGlobalNorm clip = new ClipGlobalNorm(c.number("max_norm"));
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      NDList gradients = CaseArrays.read(c, "grad/", scope.manager());
      Map<String, HostTensor> outputs = new LinkedHashMap<>();
      double norm = TorchOps.clip(gradients, clip.maxNorm());
      outputs.put("norm", HostTensor.scalar((float) norm));
      CaseArrays.write(outputs, "grad/", gradients);
      return outputs;
    }
  }
}
