package org.dualoptim.core.io;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tensors in memory behind the interface of files. */
final class TensorMap implements TensorSource {
  private final Map<String, HostTensor> tensors;
  private final Map<String, String> metadata;

  TensorMap(Map<String, HostTensor> tensors, Map<String, String> metadata) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public DType dtype(String name) {
    return tensor(name).dtype();
  }

  @Override
  public long[] shape(String name) {
    return tensor(name).shape();
  }

  @Override
  public HostTensor tensor(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new NoSuchElementException("there is no tensor named '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() {
    // holds no file
  }
}
