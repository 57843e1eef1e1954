package org.dualoptim.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theGradModeAndBorrowedArraysGoBack() {
    NDArray w = manager.create(new float[] {1, 2});
    NDManager before = w.getManager();
    NDArray made;
    try (Scope outer = Scope.recording(manager)) {
      assertThat(TorchOps.isRecording()).isTrue();
      try (Scope inner = Scope.detached(manager)) {
        inner.borrow(new NDList(w));
        made = w.add(1);
        assertThat(TorchOps.isRecording()).isFalse();
        assertThat(made.getManager()).isSameAs(inner.manager());
      }
      assertThat(TorchOps.isRecording()).isTrue();
    }
    assertThat(TorchOps.isRecording()).isFalse();
    assertThat(w.getManager()).isSameAs(before);
    assertThat(w.toFloatArray()).containsExactly(1, 2);
    assertThat(made.isReleased()).isTrue();
  }

  @Test
  void anArrayThatIsBorrowedTwiceStillGoesBack() {
    NDArray w = manager.create(new float[] {1, 2});
    NDManager before = w.getManager();
    try (Scope scope = Scope.detached(manager)) {
      scope.borrow(new NDList(w));
      scope.borrow(new NDList(w));
    }
    assertThat(w.getManager()).isSameAs(before);
    assertThat(w.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void closingTwiceLeavesTheGradModeOfWhoeverCameAfter() {
    Scope scope = Scope.detached(manager);
    scope.close();
    try (Scope later = Scope.recording(manager)) {
      scope.close();
      assertThat(TorchOps.isRecording()).isTrue();
    }
  }

  @Test
  void anotherThreadCannotCloseAScope() {
    try (Scope scope = Scope.detached(manager)) {
      CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(scope::close);
      assertThatThrownBy(elsewhere::join).hasCauseInstanceOf(IllegalStateException.class);
      assertThat(manager.create(1f).add(1).getFloat()).isEqualTo(2);
    }
  }

  /** The engine makes an array of the 3, closes it, and needs it again for the gradient. */
  @Test
  void aNumberInAGraphOutlivesTheGarbageCollector() {
    try (Scope scope = Scope.recording(manager)) {
      List<NDArray> factors = new ArrayList<>();
      NDList losses = new NDList();
      for (int i = 1; i <= 50; i++) {
        NDArray x = manager.create(new float[] {1});
        x.setRequiresGradient(true);
        factors.add(x);
        losses.add(x.mul(3 * i).div(2).pow(2).sum());
      }
      collectGarbage();
      for (int i = 1; i <= 50; i++) {
        NDList gradient = TorchOps.grads(losses.get(i - 1), new NDList(factors.get(i - 1)));
        assertThat(gradient.get(0).toFloatArray()).containsExactly(4.5f * i * i);
      }
    }
  }

  /** Also out of a scope within a scope, as a loss may open one. */
  @Test
  void aLossThatIsKeptKeepsTheNumbersOfItsGraph() {
    NDList kept = new NDList();
    NDList factors = new NDList();
    try (Scope outer = Scope.recording(manager)) {
      for (int i = 1; i <= 50; i++) {
        NDArray x = manager.create(new float[] {1});
        x.setRequiresGradient(true);
        factors.add(x);
        try (Scope inner = Scope.recording(outer.manager())) {
          inner.borrow(new NDList(x));
          kept.add(outer.keep(inner.keep(x.mul(3 * i).mul(2).sum())));
        }
      }
      collectGarbage();
      requireSixTimesItsPlace(kept, factors, 25);
    }
    collectGarbage();
    requireSixTimesItsPlace(kept, factors, 50);
  }

  private static void requireSixTimesItsPlace(NDList losses, NDList factors, int to) {
    for (int i = to - 24; i <= to; i++) {
      NDList gradient = TorchOps.grads(losses.get(i - 1), new NDList(factors.get(i - 1)));
      assertThat(gradient.get(0).toFloatArray()).containsExactly(6 * i);
    }
  }

  @Test
  void whatWasLentIsGivenBackAndNothingElseIsClosed() {
    NDArray made;
    WeakReference<ByteBuffer> lent;
    try (Scope scope = Scope.recording(manager)) {
      lent = lentToAClosedArray();
      collectGarbage();
      assertThat(lent.get()).isNotNull();
      made = manager.create(new float[] {7});
    }
    collectGarbage();
    assertThat(lent.get()).isNull();
    assertThat(made.toFloatArray()).containsExactly(7);
  }

  /** A scope of the engine's within ours still closes what was made in it. */
  @Test
  void theEnginesOwnScopesNest() {
    try (Scope scope = Scope.recording(manager)) {
      NDArray inner;
      try (NDScope engines = new NDScope()) {
        inner = manager.create(new float[] {1});
      }
      assertThat(inner.isReleased()).isTrue();
      assertThat(manager.create(2f).getFloat()).isEqualTo(2);
    }
  }

  private WeakReference<ByteBuffer> lentToAClosedArray() {
    ByteBuffer buffer = manager.allocateDirect(4);
    manager.create(buffer, new Shape(1), DataType.FLOAT32).close();
    return new WeakReference<>(buffer);
  }

  /** Until a buffer that nobody holds is gone, and new ones lie where such buffers lay. */
  private void collectGarbage() {
    WeakReference<ByteBuffer> forgotten = new WeakReference<>(ByteBuffer.allocateDirect(4));
    while (forgotten.get() != null) {
      System.gc();
    }
    LockSupport.parkNanos(50_000_000); // what is forgotten is freed a little later
    for (int i = 0; i < 1000; i++) {
      ByteBuffer.allocateDirect(4).putInt(-1);
    }
  }
}
