package org.dualoptim.core.unlearn;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.optim.LrSchedule;

/**
 * Which objective each step of a run serves: the recipe's {@code [schedule]} table. {@link #over} turns it into a {@link Timeline} once the
 * lengths of the parts are known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Schedule.Steps.class, name = "steps"),
  @JsonSubTypes.Type(value = Schedule.Passes.class, name = "passes")
})
public sealed interface Schedule {

  /** What learning rates are multiplied by along the run. */
  LrSchedule lr();

  /**
   * The steps in order.
   *
   * @param stepsPerPass for each objective that has a part, how many steps one pass over its batches takes
   */
  Timeline over(Map<Objective, Integer> stepsPerPass);

  /** The clock of a {@link Steps} schedule. */
  enum Clock {
    /** Counts retain steps; a cycle's forget steps share the time of its first retain step (SFRon). */
    @JsonProperty("retain")
    RETAIN,
    /** Counts every step (language models). */
    @JsonProperty("update")
    UPDATE
  }

  /**
   * Algorithm 1: {@code cycles} times {@code forget} FORGET steps and then {@code retain} RETAIN steps ({@code T_f}, {@code T_r},
   * {@code T_o}). Batches are read in order and start over when a pass ends.
   *
   * @param forget FORGET steps a cycle
   * @param retain RETAIN steps a cycle
   * @param cycles how often
   * @param clock what time counts
   * @param lr learning-rate schedule on that clock
   */
  record Steps(int forget, int retain, int cycles, Clock clock, LrSchedule lr) implements Schedule {
    public Steps {
      require(forget >= 0 && retain >= 0 && forget + retain > 0, "forget and retain must be >= 0 and not both 0");
      require(cycles > 0, "cycles must be > 0, got " + cycles);
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      int cycle = forget + retain;
      return new Timeline() {
        @Override
        public int steps() {
          return Math.multiplyExact(cycle, cycles);
        }

        @Override
        public double length() {
          return clock == Clock.UPDATE ? steps() : (double) cycles * Math.max(1, retain);
        }

        @Override
        public Slot at(int step) {
          int round = step / cycle;
          int place = step % cycle;
          boolean forgets = place < forget;
          int retained = round * retain + Math.max(0, place - forget);
          double time = clock == Clock.UPDATE ? step : retain == 0 ? round : retained;
          return forgets
              ? new Slot(Objective.FORGET, round * forget + place, time)
              : new Slot(Objective.RETAIN, retained, time);
        }
      };
    }
  }

  /**
   * Each epoch: {@code forget} passes over the forget batches, then {@code retain} passes over the retain batches, then {@code joint}
   * passes over the joint batches. The clock counts epochs.
   *
   * @param forget forget passes an epoch; absent means 0
   * @param retain retain passes an epoch; absent means 0
   * @param joint joint passes an epoch; absent means 0
   * @param epochs how often
   * @param lr learning-rate schedule by epoch
   */
  record Passes(Integer forget, Integer retain, Integer joint, int epochs, LrSchedule lr) implements Schedule {
    public Passes {
      require(epochs > 0, "epochs must be > 0, got " + epochs);
      require(
          count(forget) >= 0 && count(retain) >= 0 && count(joint) >= 0 && count(forget) + count(retain) + count(joint) > 0,
          "forget, retain and joint must be >= 0 and not all 0");
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      Map<Objective, Integer> block = new EnumMap<>(Objective.class);
      block.put(Objective.FORGET, count(forget) * stepsPerPass.getOrDefault(Objective.FORGET, 0));
      block.put(Objective.RETAIN, count(retain) * stepsPerPass.getOrDefault(Objective.RETAIN, 0));
      block.put(Objective.JOINT, count(joint) * stepsPerPass.getOrDefault(Objective.JOINT, 0));
      int epoch = block.values().stream().mapToInt(Integer::intValue).sum();
      return new Timeline() {
        @Override
        public int steps() {
          return Math.multiplyExact(epoch, epochs);
        }

        @Override
        public double length() {
          return epochs;
        }

        @Override
        public Slot at(int step) {
          int time = step / epoch;
          int place = step % epoch;
          for (Map.Entry<Objective, Integer> entry : block.entrySet()) {
            if (place < entry.getValue()) {
              return new Slot(entry.getKey(), time * entry.getValue() + place, time);
            }
            place -= entry.getValue();
          }
          throw new IndexOutOfBoundsException("step " + step);
        }
      };
    }

    private static int count(Integer passes) {
      return passes == null ? 0 : passes;
    }
  }

  /**
   * Exactly these slots, for recorded runs.
   *
   * @param slots the steps in order
   * @param length the run's length on its clock
   * @param lr learning-rate schedule by slot time
   */
  record Sequence(List<Slot> slots, double length, LrSchedule lr) implements Schedule {
    public Sequence {
      slots = List.copyOf(slots);
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      return new Timeline() {
        @Override
        public int steps() {
          return slots.size();
        }

        @Override
        public double length() {
          return length;
        }

        @Override
        public Slot at(int step) {
          return slots.get(step);
        }
      };
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
