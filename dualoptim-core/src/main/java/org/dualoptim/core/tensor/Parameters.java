package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The arrays of a model in a fixed order, each with the name its reference implementation gives it
 * (a state-dict key) and its role. The model owns the arrays; this is a view.
 *
 * <p>The order is the reference's state-dict order: masks over concatenated parameters, optimizer
 * states and checkpoints rely on it.
 */
public final class Parameters {

  /**
   * One array.
   *
   * @param name the state-dict key
   * @param array the values, owned by the model
   * @param role what the array is to the network
   */
  public record Entry(String name, NDArray array, Role role) {}

  private final List<Entry> entries;
  private final NDList arrays;

  private Parameters(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    this.arrays = new NDList(entries.stream().map(Entry::array).toArray(NDArray[]::new));
  }

  /**
   * The given entries; names and arrays must differ: an array that is tied to another place of the
   * network is listed once.
   */
  public static Parameters of(List<Entry> entries) {
    Set<String> names = new HashSet<>();
    Map<NDArray, String> arrays = new IdentityHashMap<>();
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("two parameters are named " + entry.name());
      }
      String other = arrays.put(entry.array(), entry.name());
      if (other != null) {
        throw new IllegalArgumentException(
            "the parameters " + other + " and " + entry.name() + " are one array; list it once");
      }
    }
    return new Parameters(entries);
  }

  /**
   * The arrays of any initialised DJL block, named as DJL names them. A parameter that requires no
   * gradient or holds running statistics is a {@link Role#BUFFER}; the first matrix counts as
   * input, the last as output. A parameter that several places share is listed where it comes
   * first.
   */
  public static Parameters of(Block block) {
    List<Parameter> parameters = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Pair<String, Parameter> pair : block.getParameters()) {
      if (seen.add(pair.getValue())) {
        names.add(pair.getKey());
        parameters.add(pair.getValue());
      }
    }
    List<Role> roles = new ArrayList<>();
    int first = -1;
    int last = -1;
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      boolean matrix = parameter.getArray().getShape().dimension() >= 2;
      Role role;
      if (!parameter.requiresGradient()
          || parameter.getType() == Parameter.Type.RUNNING_MEAN
          || parameter.getType() == Parameter.Type.RUNNING_VAR) {
        role = Role.BUFFER;
      } else if (matrix) {
        first = first < 0 ? i : first;
        last = i;
        role = Role.HIDDEN;
      } else if (parameter.getType() == Parameter.Type.GAMMA
          || parameter.getType() == Parameter.Type.BETA) {
        role = Role.NORM;
      } else {
        role = Role.BIAS;
      }
      roles.add(role);
    }
    if (first >= 0 && first != last) {
      roles.set(first, Role.INPUT);
      roles.set(last, Role.OUTPUT);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      entries.add(new Entry(names.get(i), parameters.get(i).getArray(), roles.get(i)));
    }
    return of(entries);
  }

  /** Those that are trained, in order. */
  public Parameters trainable() {
    return new Parameters(
        entries.stream().filter(e -> e.role() != Role.BUFFER && e.role() != Role.FROZEN).toList());
  }

  /** Those that a run may change, in order, trained or not: what a checkpoint holds. */
  public Parameters changing() {
    return new Parameters(entries.stream().filter(e -> e.role() != Role.FROZEN).toList());
  }

  /**
   * Other arrays under the same names, such as an average of them to be saved.
   *
   * @param others one per entry, in order
   */
  public Parameters with(NDList others) {
    if (others.size() != entries.size()) {
      throw new IllegalArgumentException(
          others.size() + " arrays cannot take the names of " + entries.size());
    }
    return of(
        IntStream.range(0, entries.size())
            .mapToObj(i -> new Entry(entries.get(i).name(), others.get(i), entries.get(i).role()))
            .toList());
  }

  /**
   * Runs with the values of another moment in these arrays, without a graph, and puts the present
   * ones back: a network as its own teacher, at the price of another copy while it runs.
   *
   * @param values one array per entry, such as a {@link #snapshot}; left as they are
   * @param parent owns the copy while it is needed
   */
  public <T> T at(NDList values, NDManager parent, Supplier<T> run) {
    try (Scope scope = Scope.detached(parent)) {
      NDList now = TorchOps.clone(scope.manager(), arrays);
      TorchOps.copy(arrays, values);
      try {
        return run.get();
      } finally {
        TorchOps.copy(arrays, now);
      }
    }
  }

  /** Those whose role is one of the given, in order. */
  public Parameters withRole(Role... roles) {
    return new Parameters(entries.stream().filter(e -> List.of(roles).contains(e.role())).toList());
  }

  public List<Entry> entries() {
    return entries;
  }

  /** The arrays in order, owned by the model. */
  public NDList arrays() {
    return arrays;
  }

  public List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }

  public int size() {
    return entries.size();
  }

  /** How many numbers all arrays hold together. */
  public long count() {
    return entries.stream().mapToLong(e -> e.array().size()).sum();
  }

  /** By name, in order. */
  public Map<String, NDArray> byName() {
    Map<String, NDArray> map = new LinkedHashMap<>();
    entries.forEach(e -> map.put(e.name(), e.array()));
    return map;
  }

  /** Copies of all values, owned by {@code owner}: a snapshot that later steps do not change. */
  public NDList snapshot(NDManager owner) {
    try (Scope scope = Scope.detached(owner)) {
      return TorchOps.clone(owner, arrays);
    }
  }

  /** Sets all values from a {@link #snapshot}. */
  public void restore(NDList snapshot) {
    try (Scope scope = Scope.detached(arrays.getManager())) {
      TorchOps.copy(arrays, snapshot);
    }
  }
}
