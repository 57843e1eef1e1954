package org.dualoptim.core.io;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Some tensors of a source under other names. */
final class RenamedTensors implements TensorSource {
  private final TensorSource source;
  private final Map<String, String> originals = new LinkedHashMap<>();

  RenamedTensors(TensorSource source, UnaryOperator<String> rename) {
    this.source = source;
    for (String original : source.names()) {
      String name = rename.apply(original);
      if (name != null) {
        String other = originals.put(name, original);
        if (other != null) {
          throw new IllegalArgumentException(
              "both " + other + " and " + original + " would be named " + name);
        }
      }
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(originals.keySet());
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public DType dtype(String name) {
    return source.dtype(original(name));
  }

  @Override
  public long[] shape(String name) {
    return source.shape(original(name));
  }

  @Override
  public HostTensor tensor(String name) throws IOException {
    return source.tensor(original(name));
  }

  private String original(String name) {
    String original = originals.get(name);
    if (original == null) {
      throw new NoSuchElementException("there is no tensor named '" + name + "'");
    }
    return original;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
