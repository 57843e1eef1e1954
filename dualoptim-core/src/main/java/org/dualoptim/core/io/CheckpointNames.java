package org.dualoptim.core.io;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.PickleReader.Dict;
import org.dualoptim.core.io.PickleReader.Sequence;
import org.dualoptim.core.io.PickleReader.Tuple;

/**
 * Walks a checkpoint and names what it holds by the keys on the way, joined with dots: {@code
 * state_dict.module.conv1.weight}, {@code optimizer.param_groups.0.lr}. Numbers, text and booleans
 * become metadata; None, bytes and bare storages are passed over. A file that is one lone tensor
 * calls it {@code tensor}.
 */
final class CheckpointNames {
  private static final int MAX_DEPTH = 64;

  private final PickleInput in;
  private final Map<String, PickledTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> scalars = new LinkedHashMap<>();

  /**
   * Characters of names that may still be made: shared parts of a pickle can blow up into far more
   * names than it has bytes.
   */
  private long budget;

  private CheckpointNames(PickleInput in) {
    this.in = in;
    this.budget = Math.min(32 * in.position() + (1 << 16), 1L << 28);
  }

  /**
   * Names everything below {@code root}.
   *
   * @param in whose pickle has just been read
   * @throws IOException if the checkpoint is nested too deep, contains itself, or gives two tensors
   *     one name
   */
  static CheckpointNames of(Object root, PickleInput in) throws IOException {
    CheckpointNames names = new CheckpointNames(in);
    names.walk(root, root instanceof PickledTensor ? "tensor" : "", 0);
    return names;
  }

  Map<String, PickledTensor> tensors() {
    return tensors;
  }

  Map<String, String> scalars() {
    return scalars;
  }

  private void walk(Object value, String name, int depth) throws IOException {
    budget -= 1 + name.length();
    if (depth > MAX_DEPTH || budget < 0) {
      throw in.damaged("it nests or repeats its entries without end");
    }
    if (value instanceof PickledTensor tensor) {
      if (tensors.put(name, tensor) != null) {
        throw in.damaged("two of its tensors are named '" + name + "'");
      }
    } else if (value instanceof Dict dict) {
      for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
        walk(
            entry.getValue(),
            below(name, entry.getKey() == PickleReader.NONE ? "None" : entry.getKey()),
            depth + 1);
      }
    } else if (value instanceof Sequence list) {
      walkItems(list.items(), name, depth);
    } else if (value instanceof Tuple tuple) {
      walkItems(tuple.items(), name, depth);
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      scalars.put(name, value.toString());
    }
  }

  private void walkItems(List<Object> items, String name, int depth) throws IOException {
    for (int i = 0; i < items.size(); i++) {
      walk(items.get(i), below(name, i), depth + 1);
    }
  }

  private String below(String name, Object key) throws IOException {
    String last = key.toString();
    if (name.length() + (long) last.length() > budget) {
      throw in.damaged("it nests or repeats its entries without end");
    }
    return name.isEmpty() ? last : name + "." + last;
  }
}
