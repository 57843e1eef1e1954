package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.dualoptim.core.io.DType;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.TensorSource;

/**
 * Arrays of the engine behind the interface of files: each is copied to host memory when it is
 * asked for, so that a model is written with one array in memory twice. The arrays stay their
 * owners' and are read as they are at that moment.
 */
public final class LiveTensors implements TensorSource {
  private final Map<String, NDArray> arrays;

  /** The map is copied, its order kept; the arrays are not. */
  public LiveTensors(Map<String, NDArray> arrays) {
    this.arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  @Override
  public Set<String> names() {
    return arrays.keySet();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public DType dtype(String name) {
    return DType.of(array(name).getDataType());
  }

  @Override
  public long[] shape(String name) {
    return array(name).getShape().getShape();
  }

  @Override
  public HostTensor tensor(String name) {
    return HostTensor.of(array(name));
  }

  private NDArray array(String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new NoSuchElementException("there is no tensor named '" + name + "'");
    }
    return array;
  }

  @Override
  public void close() {
    // the arrays are not its own
  }
}
