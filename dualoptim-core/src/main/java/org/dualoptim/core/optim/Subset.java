package org.dualoptim.core.optim;

import ai.djl.ndarray.NDList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.dualoptim.core.tensor.Parameters;

/**
 * Some of a list of parameters, for optimizers that step one kind of arrays.
 *
 * @param parameters those, in order
 * @param places where each stands in the whole list
 */
record Subset(Parameters parameters, int[] places) {

  static Subset of(Parameters all, Predicate<Parameters.Entry> wanted) {
    List<Parameters.Entry> entries = all.entries();
    int[] places =
        IntStream.range(0, entries.size()).filter(i -> wanted.test(entries.get(i))).toArray();
    return new Subset(Parameters.of(Arrays.stream(places).mapToObj(entries::get).toList()), places);
  }

  /** Their arrays of a list that has one for each parameter of the whole list. */
  NDList of(NDList arrays) {
    NDList chosen = new NDList(places.length);
    for (int place : places) {
      chosen.add(arrays.get(place));
    }
    return chosen;
  }
}
