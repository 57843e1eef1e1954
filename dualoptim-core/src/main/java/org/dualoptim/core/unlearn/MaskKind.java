package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.tensor.Scope;

/**
 * The parity kinds {@code mask-salun} and {@code mask-fisher}: the {@code mask/i} that {@code
 * forget/i} and {@code retain/i} make.
 */
public enum MaskKind implements ParityKind {
  SALUN("mask-salun", "ratio") {
    @Override
    Mask mask(NDList forget, NDList retain, double number, NDManager owner) {
      return Mask.topFraction(forget, retain, number, owner);
    }
  },
  FISHER("mask-fisher", "threshold") {
    @Override
    Mask mask(NDList forget, NDList retain, double number, NDManager owner) {
      return Mask.fisherRatio(forget, retain, number, owner);
    }
  };

  private final String id;
  private final String key;

  MaskKind(String id, String key) {
    this.id = id;
    this.key = key;
  }

  abstract Mask mask(NDList forget, NDList retain, double number, NDManager owner);

  @Override
  public String id() {
    return id;
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    double number = c.number(key);
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.detached(manager)) {
      NDList forget = CaseArrays.read(c, "forget/", scope.manager());
      NDList retain = CaseArrays.read(c, "retain/", scope.manager());
      Map<String, HostTensor> outputs = new LinkedHashMap<>();
      CaseArrays.write(outputs, "mask/", mask(forget, retain, number, scope.manager()).masks());
      return outputs;
    }
  }
}
