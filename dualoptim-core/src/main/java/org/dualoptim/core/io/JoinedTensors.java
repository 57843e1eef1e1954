package org.dualoptim.core.io;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** The tensors of several sources, one after the other. */
final class JoinedTensors implements TensorSource {
  private final List<TensorSource> sources;
  private final Map<String, TensorSource> owners = new LinkedHashMap<>();

  JoinedTensors(List<TensorSource> sources) {
    this.sources = List.copyOf(sources);
    for (TensorSource source : sources) {
      for (String name : source.names()) {
        if (owners.put(name, source) != null) {
          throw new IllegalArgumentException("two tensors are named '" + name + "'");
        }
      }
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(owners.keySet());
  }

  @Override
  public Map<String, String> metadata() {
    Map<String, String> all = new LinkedHashMap<>();
    sources.forEach(source -> all.putAll(source.metadata()));
    return all;
  }

  @Override
  public DType dtype(String name) {
    return owner(name).dtype(name);
  }

  @Override
  public long[] shape(String name) {
    return owner(name).shape(name);
  }

  @Override
  public HostTensor tensor(String name) throws IOException {
    return owner(name).tensor(name);
  }

  private TensorSource owner(String name) {
    TensorSource owner = owners.get(name);
    if (owner == null) {
      throw new NoSuchElementException("there is no tensor named '" + name + "'");
    }
    return owner;
  }

  @Override
  public void close() throws IOException {
    for (TensorSource source : sources) {
      source.close();
    }
  }
}
