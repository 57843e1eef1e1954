package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.tensor.Scope;

/**
 * The batches of a run in the order of its steps, loaded ahead on a thread of its own. Since a
 * batch is a function of its position, this changes nothing but the time a step waits. Closing
 * drops what nobody will ask for and returns when the thread is gone.
 */
final class Prefetch implements AutoCloseable {
  /** How many steps ahead batches are loaded. */
  private static final int AHEAD = 2;

  private final Plan plan;
  private final Timeline timeline;
  private final NDManager owner;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Prefetch::daemon);
  private final Deque<StepBatches> ahead = new ArrayDeque<>();
  private volatile boolean closed;
  private int given;
  private int started;

  /**
   * @param from the first step
   * @param owner parent of the managers of all batches
   */
  Prefetch(Plan plan, Timeline timeline, int from, NDManager owner) {
    this.plan = plan;
    this.timeline = timeline;
    this.owner = owner;
    this.given = from;
    this.started = from;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "batch-loader");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The batches of the next step, the caller's to close; those of the steps after it begin to load.
   */
  StepBatches next() {
    for (; started < timeline.steps() && started <= given + AHEAD; started++) {
      Slot slot = timeline.at(started);
      ahead.add(start(plan.part(slot.objective()), slot));
    }
    given++;
    return ahead.remove();
  }

  private StepBatches start(Part<?> part, Slot slot) {
    int pass = slot.occurrence() / part.stepsPerPass();
    int first = slot.occurrence() % part.stepsPerPass() * part.accumulate();
    int end = Math.min(first + part.accumulate(), part.batches().perPass());
    List<Loading> batches = new ArrayList<>();
    double total = 0;
    for (int index = first; index < end; index++) {
      total += part.batches().weight(index);
    }
    if (!(total > 0 && Double.isFinite(total))) {
      throw new IllegalArgumentException(
          "the weights of the "
              + slot.objective().id()
              + " batches "
              + first
              + " to "
              + (end - 1)
              + " must add up to more than 0, got "
              + total);
    }
    for (int index = first; index < end; index++) {
      batches.add(load(part.batches(), pass, index, part.batches().weight(index) / total));
    }
    return new StepBatches(batches);
  }

  private Loading load(Batches<?> batches, int pass, int index, double share) {
    NDManager manager = owner.newSubManager();
    Future<?> batch =
        thread.submit(
            () -> {
              if (closed) {
                return null;
              }
              try (Scope scope = Scope.detached(manager)) {
                return batches.load(pass, index, manager);
              }
            });
    return new Loading(pass, index, share, manager, batch);
  }

  @Override
  public void close() {
    closed = true;
    ahead.forEach(StepBatches::close);
    thread.shutdown();
    boolean interrupted = false;
    for (boolean gone = false; !gone; ) {
      try {
        gone = thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The batches of one step. */
  record StepBatches(List<Loading> batches) implements AutoCloseable {
    @Override
    public void close() {
      batches.forEach(Loading::close);
    }
  }

  /**
   * A batch that is being loaded.
   *
   * @param pass which pass over the data it is of
   * @param index its place in that pass
   * @param share what it counts for in its step; the shares of a step add up to 1
   * @param manager owns the batch and what a forward pass makes of it
   */
  record Loading(int pass, int index, double share, NDManager manager, Future<?> loaded)
      implements AutoCloseable {

    /**
     * Waits for the batch; what stopped it from being loaded is thrown here, on the thread that
     * runs the loop.
     */
    Object batch() {
      try {
        return loaded.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        if (e.getCause() instanceof Error cause) {
          throw cause;
        }
        throw new IllegalStateException(
            "a batch could not be loaded: " + e.getCause().getMessage(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a batch", e);
      }
    }

    /** Frees the batch, not before the loading thread has let go of its manager. */
    @Override
    public void close() {
      boolean interrupted = false;
      for (boolean done = false; !done; ) {
        try {
          loaded.get();
          done = true;
        } catch (ExecutionException e) {
          done = true; // the batch never came to be; what it left lies in the manager
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      manager.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
