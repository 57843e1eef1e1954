package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.run.DivergedException;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * Algorithm 1 of the paper, for every method of every domain: step, batch, loss, gradients, transforms, {@code optimizer.step(objective,
 * ...)}, listeners.
 *
 * <p>Batches of the coming steps are loaded on another thread while a step runs; since every draw is a function of its position, this
 * changes nothing. The engine's generator is seeded anew for every batch. Arrays of a step are freed with the step.
 *
 * @param optimizer which state each objective's gradient meets
 * @param draws the run's random draws
 * @param taps costly telemetry that is wanted
 */
public record UnlearningLoop(UnlearningOptimizer optimizer, Draws draws, Set<Tap> taps) {

  /** How many steps ahead batches are loaded. */
  private static final int AHEAD = 2;

  public UnlearningLoop {
    taps = Set.copyOf(taps);
  }

  /**
   * Runs a plan from the state's cursor to its end.
   *
   * @param state advanced in place, weights included
   * @param listener hears of every step
   * @throws DivergedException if a loss or a gradient norm is not finite; trained parameters and optimizer state are then those before the step
   */
  public void run(Plan plan, LoopState state, StepListener listener) {
    Timeline timeline = plan.timeline();
    plan.parts().stream().map(Part::objective).forEach(this::requireAccepted);
    Parameters trained = state.parameters().trainable();
    ExecutorService loader = Executors.newSingleThreadExecutor(UnlearningLoop::daemon);
    try (NDManager manager = trained.arrays().getManager().newSubManager()) {
      Deque<Prepared> ahead = new ArrayDeque<>();
      try {
        NDList before = taps.contains(Tap.UPDATE_NORM) ? trained.snapshot(manager) : null;
        int next = state.cursor();
        for (int step = state.cursor(); step < timeline.steps(); step++) {
          for (; next < timeline.steps() && next <= step + AHEAD; next++) {
            Slot slot = timeline.at(next);
            ahead.add(Prepared.start(plan.part(slot.objective()), slot, manager, loader));
          }
          StepRecord record;
          try (Prepared batches = ahead.remove()) {
            record = step(plan, timeline, step, batches, trained, state, before, manager);
          }
          state.cursor(step + 1);
          try (Scope scope = Scope.detached(manager)) {
            listener.after(record, state, timeline.steps());
          }
        }
      } finally {
        loader.shutdown();
        ahead.forEach(Prepared::close);
      }
    }
  }

  private StepRecord step(
      Plan plan, Timeline timeline, int step, Prepared batches, Parameters trained, LoopState state, NDList before, NDManager manager) {
    long started = System.nanoTime();
    Slot slot = timeline.at(step);
    double factor = plan.schedule().lr().factor(slot.time(), timeline.length());
    Part<?> part = plan.part(slot.objective());
    try (Scope scope = Scope.detached(manager)) {
      Mean mean = gradients(part, batches, step, slot, factor, trained.arrays(), scope.manager());
      double gradientNorm = finite(step, slot, "gradient norm", TorchOps.globalNorm(mean.gradients()));
      part.transforms().forEach(transform -> transform.apply(mean.gradients()));
      double appliedNorm = part.transforms().isEmpty() ? gradientNorm : TorchOps.globalNorm(mean.gradients());
      finite(step, slot, "transformed gradient norm", appliedNorm);
      double cosine = conflict(timeline, step, slot, mean.gradients(), state);
      optimizer.step(slot.objective(), trained, mean.gradients(), state.optimizer(), factor);
      double updateNorm = before == null ? Double.NaN : TorchOps.moved(before, trained.arrays());
      return new StepRecord(
          step,
          slot.objective(),
          slot.time(),
          factor,
          mean.loss(),
          gradientNorm,
          appliedNorm,
          cosine,
          updateNorm,
          (System.nanoTime() - started) / 1e6);
    }
  }

  /** A loss and gradients averaged over the batches of a step, weighted by what each batch counts for. */
  private record Mean(double loss, NDList gradients) {}

  private <B> Mean gradients(
      Part<B> part, Prepared batches, int step, Slot slot, double factor, NDList parameters, NDManager manager) {
    NDList sum = null;
    double loss = 0;
    double total = batches.weight();
    for (Item item : batches.items()) {
      Moment moment = new Moment(step, slot.objective(), item.pass(), item.index(), slot.time(), factor);
      try (item;
          Scope scope = Scope.recording(item.manager())) {
        TorchOps.seed(draws.seedOf("engine/" + slot.objective().id(), item.pass(), item.index()));
        @SuppressWarnings("unchecked") // the batch was made by this part's own batches
        Part.Gradients.Result result = part.gradients().at((B) item.batch(), moment, parameters);
        double share = item.weight() / total;
        loss += share * finite(step, slot, "loss", value(result.loss()));
        try (Scope update = Scope.detached(manager)) {
          if (share != 1) {
            TorchOps.scale(result.gradients(), share);
          }
          if (sum == null) {
            sum = result.gradients();
            sum.attach(manager);
          } else {
            TorchOps.add(sum, result.gradients(), 1);
          }
        }
      }
    }
    return new Mean(loss, sum);
  }

  /** A loss times a Java double is float64 in DJL. */
  private static double value(NDArray loss) {
    return loss.getDataType() == DataType.FLOAT64 ? loss.getDouble() : loss.getFloat();
  }

  private double conflict(Timeline timeline, int step, Slot slot, NDList gradients, LoopState state) {
    if (!taps.contains(Tap.COSINE)) {
      return Double.NaN;
    }
    if (slot.objective() == Objective.FORGET) {
      state.forgetGradient(TorchOps.clone(gradients.getManager(), gradients));
    }
    boolean compare = slot.objective() == Objective.RETAIN && timeline.endsBlock(step) && state.forgetGradient() != null;
    return compare ? TorchOps.globalCosine(state.forgetGradient(), gradients) : Double.NaN;
  }

  private void requireAccepted(Objective objective) {
    if (!optimizer.accepts(objective)) {
      throw new IllegalArgumentException(
          "optimizer: a " + objective.id() + " step needs kind = \"shared\", got " + optimizer.getClass().getSimpleName());
    }
  }

  private static double finite(int step, Slot slot, String what, double value) {
    if (!Double.isFinite(value)) {
      throw new DivergedException(step, slot.objective().id(), what, value);
    }
    return value;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "batch-loader");
    thread.setDaemon(true);
    return thread;
  }

  /** The batches of one step, each being loaded into a manager of its own. */
  private record Prepared(List<Item> items) implements AutoCloseable {

    static Prepared start(Part<?> part, Slot slot, NDManager parent, ExecutorService loader) {
      int pass = slot.occurrence() / part.stepsPerPass();
      int first = slot.occurrence() % part.stepsPerPass() * part.accumulate();
      int end = Math.min(first + part.accumulate(), part.batches().perPass());
      return new Prepared(
          IntStream.range(first, end).mapToObj(index -> Item.start(part.batches(), pass, index, parent, loader)).toList());
    }

    double weight() {
      return items.stream().mapToDouble(Item::weight).sum();
    }

    @Override
    public void close() {
      items.forEach(Item::close);
    }
  }

  /** One batch, where it came from and what it counts for. Its manager owns the batch and all that a forward pass makes of it. */
  private record Item(int pass, int index, double weight, NDManager manager, Future<?> loading) implements AutoCloseable {

    static Item start(Batches<?> batches, int pass, int index, NDManager parent, ExecutorService loader) {
      NDManager manager = parent.newSubManager();
      Future<?> loading =
          loader.submit(
              () -> {
                try (Scope scope = Scope.detached(manager)) {
                  return batches.load(pass, index, manager);
                }
              });
      return new Item(pass, index, batches.weight(index), manager, loading);
    }

    Object batch() {
      try {
        return loading.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException("a batch could not be loaded: " + e.getCause().getMessage(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a batch", e);
      }
    }

    @Override
    public void close() {
      try {
        loading.get();
      } catch (ExecutionException e) {
        // the batch never came to be; what it left lies in the manager
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      manager.close();
    }
  }
}
