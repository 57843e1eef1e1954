package org.dualoptim.core.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Named tensors that can be read one at a time: a safetensors file, a sharded set of them, a torch
 * checkpoint, or a map in memory. Names, types and shapes are known when the source is open;
 * elements are read by {@link #tensor}. Reading is safe from several threads.
 */
public interface TensorSource extends AutoCloseable {

  /** All names, in the order of the file. */
  Set<String> names();

  /**
   * What else the file says, as text: safetensors {@code __metadata__}, or the scalars of a torch
   * checkpoint by dotted name.
   */
  Map<String, String> metadata();

  /**
   * The element type of a tensor.
   *
   * @throws NoSuchElementException if there is no tensor of that name
   */
  DType dtype(String name);

  /**
   * The dimensions of a tensor.
   *
   * @throws NoSuchElementException if there is no tensor of that name
   */
  long[] shape(String name);

  /**
   * Reads one tensor into memory of its own.
   *
   * @throws NoSuchElementException if there is no tensor of that name
   * @throws IOException if the file cannot be read, has changed since it was opened, or the tensor
   *     exceeds 2 GiB
   */
  HostTensor tensor(String name) throws IOException;

  @Override
  void close() throws IOException;

  /** Whether there is a tensor of that name. */
  default boolean contains(String name) {
    return names().contains(name);
  }

  /** Reads all tensors into memory, in file order. */
  default Map<String, HostTensor> readAll() throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : names()) {
      tensors.put(name, tensor(name));
    }
    return tensors;
  }

  /**
   * The same tensors under other names, read when asked for; closing it closes this source.
   *
   * @param rename from a name of this source to the new name, or null to leave the tensor out
   * @throws IllegalArgumentException if two tensors would have one name
   */
  default TensorSource renamed(UnaryOperator<String> rename) {
    return new RenamedTensors(this, rename);
  }

  /** The tensors whose names begin with that prefix, under the rest of their names. */
  default TensorSource under(String prefix) {
    return renamed(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : null);
  }

  /**
   * All tensors of several sources; closing it closes them.
   *
   * @throws IllegalArgumentException if two tensors have one name
   */
  static TensorSource joined(List<TensorSource> sources) {
    return JoinedTensors.of(sources);
  }

  /** Tensors that are in memory already; the map is copied, its order kept. */
  static TensorSource of(Map<String, HostTensor> tensors, Map<String, String> metadata) {
    return new TensorMap(tensors, metadata);
  }

  /**
   * Opens a file by what it is: a sharded index ({@code *.json}), a torch checkpoint (a zip or a
   * pickle), else safetensors.
   *
   * @throws IOException if it cannot be read or is damaged, in one sentence that names the file
   */
  static TensorSource open(Path file) throws IOException {
    if (file.toString().endsWith(".json")) {
      return Safetensors.openSharded(file);
    }
    return TorchPickle.isPickleOrZip(file) ? TorchPickle.open(file) : Safetensors.open(file);
  }
}
