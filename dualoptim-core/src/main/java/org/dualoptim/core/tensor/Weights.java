package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.TensorSource;

/** The values of a model's arrays in and out of files, under reference names. */
public final class Weights {
  /** Bookkeeping of torch's batch normalisation that nothing computes with. */
  private static final String IGNORED = "num_batches_tracked";

  private Weights() {}

  /** Copies of all arrays in host memory, in order. */
  public static Map<String, HostTensor> tensors(Parameters parameters) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    parameters.entries().forEach(entry -> tensors.put(entry.name(), HostTensor.of(entry.array())));
    return tensors;
  }

  /** Writes a safetensors file. */
  public static void save(Parameters parameters, Path file, Map<String, String> metadata)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put("format", "pt");
    Safetensors.write(file, tensors(parameters), all);
  }

  /**
   * Sets every array from a file.
   *
   * @param rename from a name in the file to a reference name, or null to leave the tensor out
   * @throws IOException naming the file, if it cannot be read, or a tensor is missing, left over,
   *     or of another shape
   */
  public static void load(Parameters parameters, Path file, UnaryOperator<String> rename)
      throws IOException {
    try (TensorSource source = TensorSource.open(file)) {
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      for (String name : source.names()) {
        String reference = rename.apply(name);
        if (reference != null) {
          tensors.put(reference, source.tensor(name));
        }
      }
      try {
        load(parameters, tensors);
      } catch (IOException e) {
        throw new IOException(file + " does not fit the model: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Sets every array.
   *
   * @throws IOException if a tensor is missing, left over, or of another shape
   */
  public static void load(Parameters parameters, Map<String, HostTensor> tensors)
      throws IOException {
    Set<String> left = new TreeSet<>(tensors.keySet());
    for (Parameters.Entry entry : parameters.entries()) {
      HostTensor tensor = tensors.get(entry.name());
      if (tensor == null) {
        throw new IOException("there is no tensor " + entry.name());
      }
      if (!Arrays.equals(tensor.shape(), entry.array().getShape().getShape())) {
        throw new IOException(
            entry.name()
                + " has the shape "
                + Arrays.toString(tensor.shape())
                + ", the model needs "
                + entry.array().getShape());
      }
      left.remove(entry.name());
    }
    left.removeIf(name -> name.endsWith(IGNORED));
    if (!left.isEmpty()) {
      throw new IOException(
          "the model has no place for "
              + left.iterator().next()
              + (left.size() > 1 ? " and " + (left.size() - 1) + " more" : ""));
    }
    NDManager manager = parameters.arrays().getManager();
    try (Scope scope = Scope.detached(manager)) {
      for (Parameters.Entry entry : parameters.entries()) {
        NDArray values = tensors.get(entry.name()).toArray(scope.manager());
        TorchOps.copy(new NDList(entry.array()), new NDList(values));
      }
    }
  }
}
