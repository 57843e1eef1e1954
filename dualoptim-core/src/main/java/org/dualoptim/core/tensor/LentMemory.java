package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.UUID;

/**
 * Keeps alive what Java lends to arrays of this thread, closed ones included, until it is closed.
 *
 * <p>An array made from Java values reads a direct buffer that belongs to Java's garbage collector;
 * closing the array lets go of it. A graph may still need it: {@code x.mul(2)} makes such an array
 * of the 2, multiplies, and closes it, and the gradient then multiplies by whatever lies there. So
 * whoever records a graph holds on to every buffer lent while it records.
 *
 * <p>The engine tells an {@link NDScope} of every array that its thread makes, which is the only
 * way to hear of those it makes for itself; what an array reads and what a scope has heard are
 * private there, hence the handles.
 */
final class LentMemory implements AutoCloseable {
  private static final VarHandle LENT = field(PtNDArray.class, "dataRef", ByteBuffer.class);
  private static final VarHandle HEARD = field(NDScope.class, "resources", IdentityHashMap.class);

  private static final ThreadLocal<LentMemory> INNERMOST = new ThreadLocal<>();

  private final LentMemory enclosing = INNERMOST.get();
  private final NDScope scope = new NDScope();
  private final List<Object> buffers = new ArrayList<>();

  LentMemory() {
    HEARD.set(scope, new Listener());
    INNERMOST.set(this);
  }

  private static VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "this version of DJL keeps the memory of its arrays elsewhere, so gradients would not be safe; use the version that this project names",
          e);
    }
  }

  /** Of each new array the buffer is kept, not the array: the scope is to close none of them. */
  private final class Listener extends IdentityHashMap<NDArray, NDArray> {
    private static final long serialVersionUID = 1;

    @Override
    public NDArray put(NDArray array, NDArray same) {
      Object buffer = array instanceof PtNDArray ? LENT.get((PtNDArray) array) : null;
      if (buffer != null) {
        buffers.add(buffer);
      }
      return null;
    }
  }

  /**
   * Hears of no more arrays; what was lent so far is held for as long as the manager lives, and by
   * the enclosing memory of this thread, which may have to hand it on.
   */
  void moveTo(NDManager manager) {
    List<Object> moved = List.copyOf(buffers);
    if (enclosing != null) {
      enclosing.buffers.addAll(moved);
    }
    manager.attachInternal(UUID.randomUUID().toString(), () -> Reference.reachabilityFence(moved));
    close();
  }

  @Override
  public void close() {
    if (enclosing == null) {
      INNERMOST.remove();
    } else {
      INNERMOST.set(enclosing);
    }
    scope.close();
    buffers.clear();
  }
}
