package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * The parity kind {@code newton-schulz}: {@code y} is what {@code steps} iterations make of the
 * matrix {@code x}.
 */
public final class NewtonSchulzKind implements ParityKind {

  @Override
  public String id() {
    return "newton-schulz";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    int steps = c.whole("steps", 0);
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      NDArray x = c.floats("x").toArray(scope.manager());
      if (x.getShape().dimension() != 2) {
        throw new ParityException("in/x must be a matrix, has shape " + x.getShape());
      }
      return Map.of("y", HostTensor.of(TorchOps.newtonSchulz(x, steps)));
    }
  }
}
