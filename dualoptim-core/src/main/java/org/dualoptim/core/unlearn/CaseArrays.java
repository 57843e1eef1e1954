package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;

/** Numbered floating-point tensors of a parity case: {@code prefix0}, {@code prefix1}, ... */
final class CaseArrays {
  private CaseArrays() {}

  static NDList read(ParityCase c, String prefix, NDManager manager) {
    NDList arrays = new NDList();
    for (int i = 0; i == 0 || c.optionalIn(prefix + i).isPresent(); i++) {
      arrays.add(c.floats(prefix + i).toArray(manager));
    }
    return arrays;
  }

  /** Booleans become 0 and 1. */
  static void write(Map<String, HostTensor> outputs, String prefix, NDList arrays) {
    for (int i = 0; i < arrays.size(); i++) {
      NDArray array = arrays.get(i);
      outputs.put(
          prefix + i,
          HostTensor.of(
              array.getDataType() == DataType.BOOLEAN
                  ? array.toType(DataType.FLOAT32, false)
                  : array));
    }
  }
}
