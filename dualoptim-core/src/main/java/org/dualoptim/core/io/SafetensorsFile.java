package org.dualoptim.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** An open safetensors file whose header has been checked; its tensors are read when asked for. */
public final class SafetensorsFile implements TensorSource {
  private final FileBytes file;
  private final SafetensorsHeader header;

  private SafetensorsFile(FileBytes file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
  }

  static SafetensorsFile open(Path path) throws IOException {
    FileBytes file = FileBytes.open(path);
    try {
      return new SafetensorsFile(file, SafetensorsHeader.read(file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(header.tensors().keySet());
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  @Override
  public DType dtype(String name) {
    return entry(name).dtype();
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().clone();
  }

  @Override
  public HostTensor tensor(String name) throws IOException {
    SafetensorsHeader.Entry entry = entry(name);
    ByteBuffer data = file.read(header.dataStart() + entry.begin(), entry.end() - entry.begin());
    return new HostTensor(entry.dtype(), entry.shape(), data);
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.tensors().get(name);
    if (entry == null) {
      throw new NoSuchElementException(file.file() + " has no tensor named '" + name + "'");
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
