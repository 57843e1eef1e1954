package org.dualoptim.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.DType;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * What an optimizer remembers: slots (one array per parameter each, e.g. {@code exp_avg}), counters (e.g. steps taken) and, where one
 * optimizer is made of several, the states of its parts. Mutable: a step advances it. Arrays belong to the manager given at
 * {@link Optimizer#init}.
 */
public final class OptimizerState {
  private static final String HINT = "load it with the optimizer and the parameters that it was saved from";

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
      throw new IllegalArgumentException("slot " + name + " has " + arrays.size() + " arrays for " + names.size() + " parameters");
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

  public Map<String, NDList> slots() {
    return Collections.unmodifiableMap(slots);
  }

  public Map<String, Long> counters() {
    return Collections.unmodifiableMap(counters);
  }

  public Map<String, OptimizerState> parts() {
    return Collections.unmodifiableMap(parts);
  }

  /**
   * Copies everything to host memory: {@code forget/exp_avg/conv1.weight} is the array of parameter {@code conv1.weight} in slot
   * {@code exp_avg} of part {@code forget}, {@code forget/t} a counter (I64 scalar). Arrays without elements are left out.
   */
  public Map<String, HostTensor> save() {
    Map<String, HostTensor> saved = new LinkedHashMap<>();
    arrays("").forEach((name, array) -> saved.put(name, HostTensor.of(array)));
    counters("").forEach((name, counter) -> saved.put(name, HostTensor.of(new long[] {counter.state().count(counter.name())})));
    return saved;
  }

  /**
   * Sets everything from what {@link #save} returned for a state of the same optimizer and parameters. Nothing changes unless all of it fits.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape or type
   */
  public void load(Map<String, HostTensor> saved) {
    Map<String, NDArray> arrays = arrays("");
    Map<String, Counter> counters = counters("");
    arrays.forEach((name, array) -> requireFit(name, array, required(saved, name)));
    counters.keySet().forEach(name -> requireCount(name, required(saved, name)));
    for (String name : saved.keySet()) {
      if (!arrays.containsKey(name) && !counters.containsKey(name)) {
        throw new IllegalArgumentException("the saved optimizer state holds " + name + ", which this optimizer does not keep; " + HINT);
      }
    }
    arrays.forEach((name, array) -> copy(array, saved.get(name)));
    counters.forEach((name, counter) -> counter.state().count(counter.name(), saved.get(name).longs()[0]));
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

  private static HostTensor required(Map<String, HostTensor> saved, String name) {
    HostTensor tensor = saved.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the saved optimizer state has no " + name + "; " + HINT);
    }
    return tensor;
  }

  private static void requireFit(String name, NDArray array, HostTensor tensor) {
    boolean sameType = tensor.dtype() == (array.getDataType() == DataType.UINT8 ? DType.U8 : DType.F32);
    if (!sameType || !Arrays.equals(tensor.shape(), array.getShape().getShape())) {
      throw new IllegalArgumentException(
          "the saved optimizer state holds " + name + " as " + tensor + ", this optimizer keeps it as " + array.getDataType() + " "
              + array.getShape() + "; " + HINT);
    }
  }

  private static void requireCount(String name, HostTensor tensor) {
    if (tensor.dtype() != DType.I64 || tensor.shape().length != 0) {
      throw new IllegalArgumentException("the saved optimizer state holds " + name + " as " + tensor + ", a counter is an I64 scalar");
    }
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
      throw new IllegalArgumentException("an optimizer state has no " + name + ", only " + map.keySet());
    }
    return value;
  }
}
