package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Prefetch.Loading;
import org.dualoptim.core.unlearn.Prefetch.StepBatches;

/**
 * Algorithm 1 of the paper, for every method of every domain: step, batch, loss, gradients,
 * transforms, {@code optimizer.step(objective, ...)}, listeners.
 *
 * <p>Batches of the coming steps are loaded on another thread while a step runs; since every draw
 * is a function of its position, this changes nothing. The engine's generator is seeded anew for
 * every batch; there is one for the process, so of two loops that run at the same time at most one
 * may draw from it (dropout, noise made by the engine). Arrays of a step are freed with the step:
 * those computed from the batch and those computed from the model's arrays, which the step borrows.
 *
 * @param optimizer which state each objective's gradient meets
 * @param draws the run's random draws
 * @param taps costly telemetry that is wanted
 */
public record UnlearningLoop(UnlearningOptimizer optimizer, Draws draws, Set<Tap> taps) {

  /** Where the last FORGET gradient is kept, as the optimizer received it, for cosines. */
  static final String FORGET_GRADIENT = ".forget_gradient";

  public UnlearningLoop {
    taps = Set.copyOf(taps);
  }

  /**
   * Runs a plan from the state's cursor to its end.
   *
   * @param state advanced in place, weights included
   * @param listener hears of every step, after the plan's own listeners
   * @throws DivergedException if a loss, a gradient norm, what the listener measures or, after the
   *     last step, the weights are not finite; in the first two cases trained parameters and
   *     optimizer state are those before the step
   * @throws IllegalArgumentException if the optimizer does not accept an objective of the plan, or
   *     nothing is to be trained
   */
  public void run(Plan plan, LoopState state, StepListener listener) {
    Timeline timeline = plan.timeline();
    plan.parts().forEach(part -> requireAccepted(part.objective(), optimizer));
    Parameters trained = state.parameters().trainable();
    if (trained.size() == 0) {
      throw new IllegalArgumentException(
          "there is nothing to train: every array of the model is a buffer");
    }
    try (NDManager manager = trained.arrays().getManager().newSubManager();
        Prefetch prefetch = new Prefetch(plan, timeline, state.cursor(), manager)) {
      List<StepListener> listeners = new ArrayList<>(plan.listeners());
      listeners.add(listener);
      begin(listeners, timeline, state, manager);
      NDList before = taps.contains(Tap.UPDATE_NORM) ? trained.snapshot(manager) : null;
      for (int step = state.cursor(); step < timeline.steps(); step++) {
        StepRecord record;
        try (StepBatches batches = prefetch.next()) {
          record = step(plan, timeline, step, batches, trained, state, before, manager);
        }
        state.cursor(step + 1);
        try (Scope scope = Scope.detached(manager)) {
          scope.borrow(state.parameters().arrays());
          if (step + 1 == timeline.steps()) {
            finite(
                step,
                timeline.at(step),
                "norm of the weights after the step",
                TorchOps.globalNorm(trained.arrays()));
          }
          for (StepListener each : listeners) {
            each.after(record, state, timeline.steps());
          }
        } catch (NotFiniteException e) {
          throw new DivergedException(step, record.objective().id(), e);
        }
      }
    }
  }

  private static void begin(
      List<StepListener> listeners, Timeline timeline, LoopState state, NDManager manager) {
    try (Scope scope = Scope.detached(manager)) {
      scope.borrow(state.parameters().arrays());
      listeners.forEach(each -> each.before(state, timeline.steps()));
    } catch (NotFiniteException e) {
      int last = Math.max(0, state.cursor() - 1);
      String whose = timeline.steps() == 0 ? "start" : timeline.at(last).objective().id();
      throw new DivergedException(last, whose, e);
    }
  }

  private StepRecord step(
      Plan plan,
      Timeline timeline,
      int step,
      StepBatches batches,
      Parameters trained,
      LoopState state,
      NDList before,
      NDManager manager) {
    long started = System.nanoTime();
    Slot slot = timeline.at(step);
    double factor = plan.schedule().lr().factor(slot.time(), timeline.length());
    Part<?> part = plan.part(slot.objective());
    try (Scope scope = Scope.detached(manager)) {
      Mean mean =
          gradients(
              part, batches, timeline, step, factor, trained.arrays(), state, scope.manager());
      double gradientNorm =
          finite(step, slot, "gradient norm", TorchOps.globalNorm(mean.gradients()));
      part.transforms().forEach(transform -> transform.apply(mean.gradients(), state));
      double appliedNorm =
          part.transforms().isEmpty() ? gradientNorm : TorchOps.globalNorm(mean.gradients());
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

  /**
   * A loss and gradients averaged over the batches of a step, weighted by what each batch counts
   * for.
   */
  private record Mean(double loss, NDList gradients) {}

  private <B> Mean gradients(
      Part<B> part,
      StepBatches batches,
      Timeline timeline,
      int step,
      double factor,
      NDList trained,
      LoopState state,
      NDManager manager) {
    Slot slot = timeline.at(step);
    NDList sum = null;
    double loss = 0;
    for (Loading loading : batches.batches()) {
      Moment moment =
          new Moment(
              step,
              slot.objective(),
              loading.pass(),
              loading.index(),
              slot.time(),
              timeline.length(),
              factor);
      try (loading;
          Scope scope = Scope.recording(loading.manager())) {
        scope.borrow(state.parameters().arrays());
        @SuppressWarnings("unchecked") // the batch was made by this part's own batches
        B batch = (B) loading.batch();
        TorchOps.seed(
            draws.seedOf("engine/" + slot.objective().id(), loading.pass(), loading.index()));
        Part.Gradients.Result result = part.gradients().at(batch, moment, trained);
        loss += loading.share() * finite(step, slot, "loss", TorchOps.value(result.loss()));
        try (Scope update = Scope.detached(manager)) {
          sum = added(sum, result.gradients(), loading.share(), manager);
        }
      }
    }
    return new Mean(loss, sum);
  }

  /** {@code sum + share * gradients}, computed in place; the first gradients become the sum. */
  static NDList added(NDList sum, NDList gradients, double share, NDManager owner) {
    if (sum != null) {
      TorchOps.add(sum, gradients, share);
      return sum;
    }
    if (share != 1) {
      TorchOps.scale(gradients, share);
    }
    gradients.attach(owner);
    return gradients;
  }

  private double conflict(
      Timeline timeline, int step, Slot slot, NDList gradients, LoopState state) {
    if (!taps.contains(Tap.COSINE)) {
      return Double.NaN;
    }
    if (slot.objective() == Objective.FORGET) {
      state.keep(FORGET_GRADIENT, TorchOps.clone(gradients.getManager(), gradients));
    }
    NDList forget = state.kept(FORGET_GRADIENT);
    boolean compare =
        slot.objective() == Objective.RETAIN && timeline.endsBlock(step) && forget != null;
    return compare ? TorchOps.globalCosine(forget, gradients) : Double.NaN;
  }

  /**
   * Checks before anything is computed that a plan of these objectives could run.
   *
   * @throws IllegalArgumentException if the schedule has steps for another objective, or the
   *     optimizer does not accept one
   */
  public static void requireFit(
      Set<Objective> objectives, Schedule schedule, UnlearningOptimizer optimizer) {
    schedule.over(objectives.stream().collect(Collectors.toMap(o -> o, o -> 1)));
    objectives.forEach(objective -> requireAccepted(objective, optimizer));
  }

  private static void requireAccepted(Objective objective, UnlearningOptimizer optimizer) {
    if (!optimizer.accepts(objective)) {
      throw new IllegalArgumentException(
          "optimizer: a "
              + objective.id()
              + " step needs kind = \"shared\", got "
              + optimizer.getClass().getSimpleName());
    }
  }

  private static double finite(int step, Slot slot, String what, double value) {
    if (!Double.isFinite(value)) {
      throw new DivergedException(step, slot.objective().id(), what, value);
    }
    return value;
  }
}
