package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.Supplier;

/**
 * Where arrays are kept that plans compute at the starting weights and that runs share: masks,
 * Fisher diagonals, reference values.
 */
@FunctionalInterface
public interface Artefacts {

  /** Keeps nothing: everything is computed when it is asked for. */
  Artefacts NONE = (what, owner, compute) -> compute.get();

  /**
   * The arrays that go by this description.
   *
   * @param what everything they depend on but the starting weights, the data and the seed, as a
   *     record or a map that can be written as JSON
   * @param owner owns the returned arrays
   * @param compute makes them, for the same owner; must give equal arrays whenever it is called
   */
  NDList get(Object what, NDManager owner, Supplier<NDList> compute);
}
