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

  /** All arrays as they are when read, in order, one copied to host memory at a time. */
  public static TensorSource source(Parameters parameters) {
    return new LiveTensors(parameters.byName());
  }

  /** Writes a safetensors file. */
  public static void save(Parameters parameters, Path file, Map<String, String> metadata)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put("format", "pt");
    Safetensors.write(file, source(parameters), all);
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
      load(parameters, source.renamed(rename));
    } catch (UnfitException e) {
      throw new IOException(file + " does not fit the model: " + e.getMessage(), e);
    }
  }

  /**
   * Sets every array. Nothing changes unless all tensors fit; a source that cannot be read to its
   * end leaves the arrays before that point set.
   *
   * @throws IOException if a tensor is missing, left over, or of another shape, or cannot be read
   */
  public static void load(Parameters parameters, TensorSource tensors) throws IOException {
    requireFit(parameters, tensors);
    NDManager manager = parameters.arrays().getManager();
    for (Parameters.Entry entry : parameters.entries()) {
      try (Scope scope = Scope.detached(manager)) {
        NDArray values = tensors.tensor(entry.name()).toArray(scope.manager());
        TorchOps.copy(new NDList(entry.array()), new NDList(values));
      }
    }
  }

  private static void requireFit(Parameters parameters, TensorSource tensors)
      throws UnfitException {
    Set<String> left = new TreeSet<>(tensors.names());
    for (Parameters.Entry entry : parameters.entries()) {
      if (!left.remove(entry.name())) {
        throw new UnfitException("there is no tensor " + entry.name());
      }
      long[] shape = tensors.shape(entry.name());
      if (!Arrays.equals(shape, entry.array().getShape().getShape())) {
        throw new UnfitException(
            entry.name()
                + " has the shape "
                + Arrays.toString(shape)
                + ", the model needs "
                + entry.array().getShape());
      }
    }
    left.removeIf(name -> name.endsWith(IGNORED));
    if (!left.isEmpty()) {
      throw new UnfitException(
          "the model has no place for "
              + left.iterator().next()
              + (left.size() > 1 ? " and " + (left.size() - 1) + " more" : ""));
    }
  }

  /** Tensors that are not those of the model. */
  private static final class UnfitException extends IOException {
    private static final long serialVersionUID = 1;

    UnfitException(String message) {
      super(message);
    }
  }
}
