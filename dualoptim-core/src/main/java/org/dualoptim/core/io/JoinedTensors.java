package org.dualoptim.core.io;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tensors of several sources as one, in an order of their own. */
final class JoinedTensors implements TensorSource {
  private final Collection<? extends TensorSource> sources;
  private final Map<String, TensorSource> owners;
  private final Map<String, String> metadata;

  /**
   * @param sources closed with this one
   * @param owners the source of each tensor, by name
   */
  JoinedTensors(
      Collection<? extends TensorSource> sources,
      Map<String, TensorSource> owners,
      Map<String, String> metadata) {
    this.sources = List.copyOf(sources);
    this.owners = Collections.unmodifiableMap(owners);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** All tensors of the sources, one source after the other. */
  static JoinedTensors of(List<TensorSource> sources) {
    Map<String, TensorSource> owners = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (TensorSource source : sources) {
      for (String name : source.names()) {
        if (owners.put(name, source) != null) {
          throw new IllegalArgumentException("two tensors are named '" + name + "'");
        }
      }
      metadata.putAll(source.metadata());
    }
    return new JoinedTensors(sources, owners, metadata);
  }

  @Override
  public Set<String> names() {
    return owners.keySet();
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
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
    closeAll(sources);
  }

  /** Closes every source, also when closing one fails; the last failure is thrown. */
  static void closeAll(Collection<? extends TensorSource> sources) throws IOException {
    IOException failure = null;
    for (TensorSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
