package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.DType;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.LiveTensors;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * What an optimizer remembers: slots (one array per parameter each, e.g. {@code exp_avg}), counters
 * (e.g. steps taken) and, where one optimizer is made of several, the states of its parts. Mutable:
 * a step advances it. Arrays belong to the manager given at {@link Optimizer#init}.
 */
public final class OptimizerState {
  private static final String HINT =
      "load it with the optimizer and the parameters that it was saved from";

  private final List<String> names;
  private final Map<String, NDList> slots = new LinkedHashMap<>();
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final Map<String, OptimizerState> parts = new LinkedHashMap<>();

  /** An empty state; its slots hold one array for each of these parameters. */
  public OptimizerState(Parameters parameters) {
    this.names = parameters.names();
  }

  /** Adds a slot. */
  public OptimizerState slot(String name, NDList arrays) {
    if (arrays.size() != names.size()) {
      throw new IllegalArgumentException(
          "slot " + name + " has " + arrays.size() + " arrays for " + names.size() + " parameters");
    }
    slots.put(name, arrays);
    return this;
  }

  /** Adds a counter at zero. */
  public OptimizerState counter(String name) {
    counters.put(name, 0L);
    return this;
  }

  /** Adds the state of a part. */
  public OptimizerState part(String name, OptimizerState state) {
    parts.put(name, state);
    return this;
  }

  /** The arrays of a slot, one per parameter. */
  public NDList slot(String name) {
    return found(slots, name);
  }

  /** The state of a part. */
  public OptimizerState part(String name) {
    return found(parts, name);
  }

  /** The value of a counter. */
  public long count(String name) {
    return found(counters, name);
  }

  /** Adds one to a counter and returns it. */
  public long increment(String name) {
    long next = found(counters, name) + 1;
    counters.put(name, next);
    return next;
  }

  /** Sets a counter. */
  public void count(String name, long value) {
    found(counters, name);
    counters.put(name, value);
  }

  /**
   * Every counter by its path, parts joined with {@code _}: {@code forget_t}; what a result says of
   * the optimizer.
   */
  public Map<String, Long> counts() {
    Map<String, Long> all = new LinkedHashMap<>();
    counters("")
        .forEach(
            (path, counter) ->
                all.put(path.replace('/', '_'), counter.state().count(counter.name())));
    return all;
  }

  /**
   * Copies everything to host memory: {@code forget/exp_avg/conv1.weight} is the array of parameter
   * {@code conv1.weight} in slot {@code exp_avg} of part {@code forget}, {@code forget/t} a counter
   * (I64 scalar). Arrays without elements are left out.
   */
  public Map<String, HostTensor> save() {
    try (TensorSource source = source()) {
      return source.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory is always readable
    }
  }

  /** What {@link #save} copies, arrays read one at a time, as they are then. */
  public TensorSource source() {
    Map<String, HostTensor> counts = new LinkedHashMap<>();
    counters("")
        .forEach(
            (name, counter) ->
                counts.put(
                    name, HostTensor.of(new long[] {counter.state().count(counter.name())})));
    return TensorSource.joined(
        List.of(new LiveTensors(arrays("")), TensorSource.of(counts, Map.of())));
  }

  /**
   * Sets everything from what {@link #save} copied of a state of the same optimizer and parameters.
   * Nothing changes unless all of it fits; a source that cannot be read to its end leaves what
   * stood before that point set.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another
   *     shape or type
   * @throws IOException if a tensor cannot be read
   */
  public void load(TensorSource saved) throws IOException {
    Map<String, NDArray> arrays = arrays("");
    Map<String, Counter> counters = counters("");
    arrays.forEach((name, array) -> requireFit(name, array, saved));
    counters.keySet().forEach(name -> requireCount(name, saved));
    for (String name : saved.names()) {
      if (!arrays.containsKey(name) && !counters.containsKey(name)) {
        throw new IllegalArgumentException(
            "the saved optimizer state holds "
                + name
                + ", which this optimizer does not keep; "
                + HINT);
      }
    }
    for (Map.Entry<String, NDArray> array : arrays.entrySet()) {
      copy(array.getValue(), saved.tensor(array.getKey()));
    }
    for (Map.Entry<String, Counter> counter : counters.entrySet()) {
      long count = saved.tensor(counter.getKey()).longs()[0];
      counter.getValue().state().count(counter.getValue().name(), count);
    }
  }

  private record Counter(OptimizerState state, String name) {}

  private Map<String, NDArray> arrays(String prefix) {
    Map<String, NDArray> all = new LinkedHashMap<>();
    slots.forEach(
        (slot, arrays) -> {
          for (int i = 0; i < names.size(); i++) {
            if (arrays.get(i).size() > 0) {
              all.put(prefix + slot + "/" + names.get(i), arrays.get(i));
            }
          }
        });
    parts.forEach((part, state) -> all.putAll(state.arrays(prefix + part + "/")));
    return all;
  }

  private Map<String, Counter> counters(String prefix) {
    Map<String, Counter> all = new LinkedHashMap<>();
    counters.keySet().forEach(name -> all.put(prefix + name, new Counter(this, name)));
    parts.forEach((part, state) -> all.putAll(state.counters(prefix + part + "/")));
    return all;
  }

  private static void requireThere(String name, TensorSource saved) {
    if (!saved.contains(name)) {
      throw new IllegalArgumentException("the saved optimizer state has no " + name + "; " + HINT);
    }
  }

  private static void requireFit(String name, NDArray array, TensorSource saved) {
    requireThere(name, saved);
    boolean sameType = saved.dtype(name) == DType.of(array.getDataType());
    if (!sameType || !Arrays.equals(saved.shape(name), array.getShape().getShape())) {
      throw new IllegalArgumentException(
          "the saved optimizer state holds "
              + name
              + " as "
              + described(name, saved)
              + ", this optimizer keeps it as "
              + array.getDataType()
              + " "
              + array.getShape()
              + "; "
              + HINT);
    }
  }

  private static void requireCount(String name, TensorSource saved) {
    requireThere(name, saved);
    if (saved.dtype(name) != DType.I64 || saved.shape(name).length != 0) {
      throw new IllegalArgumentException(
          "the saved optimizer state holds "
              + name
              + " as "
              + described(name, saved)
              + ", a counter is an I64 scalar");
    }
  }

  /** Such as {@code F32[64, 3, 3, 3]}. */
  private static String described(String name, TensorSource saved) {
    return saved.dtype(name) + Arrays.toString(saved.shape(name));
  }

  private static void copy(NDArray into, HostTensor tensor) {
    try (Scope scope = Scope.detached(into.getManager());
        NDArray staged = tensor.toArray(scope.manager())) {
      TorchOps.copy(new NDList(into), new NDList(staged));
    }
  }

  private static <T> T found(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "an optimizer state has no " + name + ", only " + map.keySet());
    }
    return value;
  }
}
