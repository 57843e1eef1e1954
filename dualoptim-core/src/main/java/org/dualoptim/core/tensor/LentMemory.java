package org.dualoptim.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

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

  private final NDScope scope = new NDScope();
  private final List<Object> buffers = new ArrayList<>();

  LentMemory() {
    HEARD.set(scope, new Listener());
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

  @Override
  public void close() {
    scope.close();
    buffers.clear();
  }
}
