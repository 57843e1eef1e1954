package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * The lifetime of the arrays of one step, and whether the step records a graph. Closing a scope
 * frees every array made under it and gives the thread its earlier grad mode back, so neither can
 * leak out of a step:
 *
 * <pre>{@code
 * try (Scope scope = Scope.recording(parent)) {
 *   NDArray loss = ...;                 // arrays of scope.manager()
 *   return scope.keep(loss);            // now the parent's
 * }
 * }</pre>
 *
 * <p>The engine's grad mode belongs to a thread (a new thread records, the engine's first one does
 * not), hence one scope for one thread.
 */
public final class Scope implements AutoCloseable {
  private final NDManager parent;
  private final NDManager manager;
  private final LentMemory lent;
  private final boolean earlier;
  private final Thread thread = Thread.currentThread();
  private boolean kept;
  private boolean closed;

  private Scope(NDManager parent, boolean recording) {
    this.parent = parent;
    this.manager = parent.newSubManager();
    this.lent = recording ? new LentMemory() : null;
    this.earlier = TorchOps.isRecording();
    TorchOps.setRecording(recording);
  }

  /**
   * A scope whose operations can be differentiated until it closes: it keeps the memory that Java
   * lends to their operands, such as the number in {@code x.mul(2)}. It does not hear of arrays
   * made inside an {@link ai.djl.ndarray.NDScope} of the engine's, nor of numbers written into an
   * array by {@code array.set(...)}: let a loss do neither.
   */
  public static Scope recording(NDManager parent) {
    return new Scope(parent, true);
  }

  /** A scope without a graph: evaluation, in-place updates, data. */
  public static Scope detached(NDManager parent) {
    return new Scope(parent, false);
  }

  /** Owns every array made in this scope. */
  public NDManager manager() {
    return manager;
  }

  /**
   * Takes arrays in until the scope closes, when they go back to their owners. An operation gives
   * its result to the owner of its first operand, so {@code weight.square()} would otherwise stay
   * in the model for as long as the model lives.
   *
   * <p>One thread at a time: arrays that two open scopes of different threads have borrowed are
   * freed with the first that closes.
   */
  public void borrow(NDList arrays) {
    for (NDArray array : arrays) {
      if (array.getManager() != manager) { // a second loan would make this scope the owner
        array.tempAttach(manager);
      }
    }
  }

  /**
   * Hands an array to the parent manager, so that it outlives the scope. If the scope records, so
   * does the memory that the array's graph may read. A view (slice, transpose) of an array that
   * Java made reads Java's memory and must be copied first ({@link TorchOps#contiguous}).
   */
  public NDArray keep(NDArray array) {
    kept = true;
    array.attach(parent);
    return array;
  }

  /**
   * Frees what was not kept; a second time does nothing.
   *
   * @throws IllegalStateException on another thread than the scope was opened on
   */
  @Override
  public void close() {
    if (thread != Thread.currentThread()) {
      throw new IllegalStateException(
          "a scope must be closed by the thread that opened it, " + thread.getName());
    }
    if (closed) {
      return;
    }
    closed = true;
    try (this.lent) {
      TorchOps.setRecording(earlier);
      manager.close();
      if (kept && lent != null) {
        lent.moveTo(parent);
      }
    }
  }
}
