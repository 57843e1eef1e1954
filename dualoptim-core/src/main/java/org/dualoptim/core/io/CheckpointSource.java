package org.dualoptim.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** The tensors of a torch checkpoint, each a view that is brought into C order when read. */
final class CheckpointSource implements TensorSource {
  private final Path file;
  private final CheckpointNames names;
  private final CheckpointStorage storage;

  /**
   * @param storage closed with this source
   * @throws IOException if a tensor's storage is missing or too short
   */
  CheckpointSource(Path file, CheckpointNames names, CheckpointStorage storage) throws IOException {
    this.file = file;
    this.names = names;
    this.storage = storage;
    for (PickledTensor tensor : names.tensors().values()) {
      storage.require(tensor.storage());
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(names.tensors().keySet());
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(names.scalars());
  }

  @Override
  public DType dtype(String name) {
    return pickled(name).storage().dtype();
  }

  @Override
  public long[] shape(String name) {
    return pickled(name).shape().clone();
  }

  @Override
  public HostTensor tensor(String name) throws IOException {
    PickledTensor tensor = pickled(name);
    FileBytes.requireOneBuffer(file, tensor.numel() * tensor.storage().dtype().bytes());
    byte[] span = storage.read(tensor.storage(), tensor.offset(), tensor.span());
    ByteBuffer data = tensor.isContiguous() ? ByteBuffer.wrap(span) : tensor.inOrder(span);
    return new HostTensor(tensor.storage().dtype(), tensor.shape(), data);
  }

  private PickledTensor pickled(String name) {
    PickledTensor tensor = names.tensors().get(name);
    if (tensor == null) {
      throw new NoSuchElementException(file + " has no tensor named '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
