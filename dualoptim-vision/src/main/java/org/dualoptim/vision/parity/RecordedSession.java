package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Schedule;
import org.dualoptim.core.unlearn.Slot;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.Saliency;
import org.dualoptim.vision.method.VisionSession;

/**
 * A session that serves the batches of a recorded run, so that methods and loop repeat it step by
 * step.
 *
 * @param classifier the network at the recorded starting weights
 * @param owner lives as long as the run
 * @param c the case, for its masks
 * @param rows what batches are cut from
 * @param steps the run, in order
 * @param maskBatches one pass over each set for the prepare phase; null if none was recorded
 * @param lr the schedule, read at each step's iteration
 */
record RecordedSession(
    Classifier classifier,
    NDManager owner,
    ParityCase c,
    RecordedRows rows,
    List<RecordedBatch> steps,
    MaskBatches maskBatches,
    LrSchedule lr)
    implements VisionSession {

  private static final String MASK = "mask/";

  /** Rows of the batches that a mask is computed from. */
  record MaskBatches(List<List<Integer>> forget, List<List<Integer>> retain) {
    MaskBatches {
      if (forget.isEmpty() || retain.isEmpty()) {
        throw new IllegalArgumentException("must list at least one batch of each set");
      }
      requireRows("forget", forget);
      requireRows("retain", retain);
    }

    private static void requireRows(String set, List<List<Integer>> batches) {
      for (int i = 0; i < batches.size(); i++) {
        RecordedBatch.requireRows(set + "[" + i + "]", batches.get(i));
      }
    }
  }

  RecordedSession {
    if (steps.isEmpty()) {
      throw new ParityException("batches must list at least one step");
    }
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) == null) {
        throw new ParityException("batches[" + i + "] must be a table, got null");
      }
      if (steps.get(i).iteration() == null && !(lr instanceof LrSchedule.Constant)) {
        throw new ParityException(
            "batches[" + i + "].iteration is missing, at which the schedule is read");
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A method has a part for each of its objectives, and a part needs a batch. An objective that
   * the run never steps on gets one that nothing loads.
   */
  @Override
  public Batches<LabeledBatch> batches(Objective objective) {
    List<RecordedBatch> served =
        steps.stream().filter(step -> step.objective() == objective).toList();
    return recorded(
        Math.max(1, served.size()),
        (index, manager) ->
            rows.load(served.get(index).indices(), served.get(index).labels(), manager));
  }

  @Override
  public Batches<LabeledBatch> relabelled(Objective objective) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).objective() == objective && steps.get(i).labels() == null) {
        throw new ParityException(
            "batches[" + i + "].labels is missing: the labels that were drawn for its rows");
      }
    }
    return batches(objective);
  }

  @Override
  public Batches<LabeledBatch> preparation(Objective objective) {
    if (maskBatches == null) {
      throw new ParityException(
          "the method needs a mask: give in/mask/NAME for every weight, or mask_batches to compute it from");
    }
    List<List<Integer>> served =
        objective == Objective.FORGET ? maskBatches.forget() : maskBatches.retain();
    return recorded(served.size(), (index, manager) -> rows.load(served.get(index), null, manager));
  }

  private interface Load {
    LabeledBatch batch(int index, NDManager manager);
  }

  private static Batches<LabeledBatch> recorded(int count, Load load) {
    return new Batches<>() {
      @Override
      public int perPass() {
        return count;
      }

      @Override
      public LabeledBatch load(int pass, int index, NDManager manager) {
        return load.batch(index, manager);
      }
    };
  }

  /** A recorded run holds what the reference drew; a method that draws more draws with seed 0. */
  @Override
  public Draws draws() {
    return new Draws(0);
  }

  @Override
  public Schedule schedule() {
    Map<Objective, Integer> occurrences = new EnumMap<>(Objective.class);
    List<Slot> slots = new ArrayList<>();
    double end = 0;
    for (RecordedBatch step : steps) {
      int occurrence = occurrences.merge(step.objective(), 1, Integer::sum) - 1;
      double time = step.iteration() == null ? slots.size() : step.iteration();
      slots.add(new Slot(step.objective(), occurrence, time));
      end = Math.max(end, time + 1);
    }
    return new Schedule.Sequence(slots, end, lr);
  }

  @Override
  public Mask mask(Saliency saliency) {
    if (c.inNames().stream().noneMatch(name -> name.startsWith(MASK))) {
      return saliency.mask(this);
    }
    Parameters trained = classifier.parameters().trainable();
    for (String name : c.inNames()) {
      if (name.startsWith(MASK) && !trained.names().contains(name.substring(MASK.length()))) {
        throw new ParityException("in/" + name + " is a mask, but the model trains no such weight");
      }
    }
    NDList masks = new NDList();
    for (Parameters.Entry entry : trained.entries()) {
      String name = MASK + entry.name();
      requireBits(name);
      try (NDArray bytes = c.in(name).toArray(owner)) {
        if (!bytes.getShape().equals(entry.array().getShape())) {
          throw new ParityException(
              "in/"
                  + name
                  + " has shape "
                  + bytes.getShape()
                  + ", its weight "
                  + entry.array().getShape());
        }
        masks.add(bytes.toType(DataType.BOOLEAN, true));
      }
    }
    return new Mask(masks);
  }

  private void requireBits(String name) {
    for (double value : c.in(name).doubles()) {
      if (value != 0 && value != 1) {
        throw new ParityException("in/" + name + " must hold 0 and 1 only, got " + value);
      }
    }
  }
}
