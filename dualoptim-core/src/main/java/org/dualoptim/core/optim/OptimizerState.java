package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an optimizer remembers: slots (one array per parameter each, e.g. {@code m} and {@code v}), counters (steps taken) and, where one
 * optimizer is made of several, the states of its parts. Mutable: a step advances it. Arrays belong to the manager given at
 * {@link Optimizer#init}.
 */
public final class OptimizerState {
  private final Map<String, NDList> slots = new LinkedHashMap<>();
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final Map<String, OptimizerState> parts = new LinkedHashMap<>();

  /** Adds a slot. */
  public OptimizerState slot(String name, NDList arrays) {
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

  public OptimizerState part(String name) {
    return found(parts, name);
  }

  public long count(String name) {
    return found(counters, name);
  }

  /** Adds one to a counter and returns it. */
  public long increment(String name) {
    long next = found(counters, name) + 1;
    counters.put(name, next);
    return next;
  }

  public void count(String name, long value) {
    found(counters, name);
    counters.put(name, value);
  }

  public Map<String, NDList> slots() {
    return java.util.Collections.unmodifiableMap(slots);
  }

  public Map<String, Long> counters() {
    return java.util.Collections.unmodifiableMap(counters);
  }

  public Map<String, OptimizerState> parts() {
    return java.util.Collections.unmodifiableMap(parts);
  }

  private static <T> T found(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new IllegalArgumentException("an optimizer state has no " + name + ", only " + map.keySet());
    }
    return value;
  }
  public Map<String, org.dualoptim.core.io.HostTensor> save() { return Map.of(); }
  public void load(Map<String, org.dualoptim.core.io.HostTensor> t) { }
}
