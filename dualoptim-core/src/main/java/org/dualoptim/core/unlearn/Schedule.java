package org.dualoptim.core.unlearn;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.Check;

/**
 * Which objective each step of a run serves: the recipe's {@code [schedule]} table. {@link #over}
 * turns it into a {@link Timeline} once the lengths of the parts are known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Schedule {

  /** What learning rates are multiplied by along the run. */
  LrSchedule lr();

  /**
   * The steps in order.
   *
   * @param stepsPerPass for each objective that has a part, how many steps one pass over its
   *     batches takes
   * @throws IllegalArgumentException if a step serves an objective that has no part
   */
  Timeline over(Map<Objective, Integer> stepsPerPass);

  /** The clock of a {@link Steps} schedule. */
  enum Clock {
    /**
     * Counts retain steps: a cycle's forget steps share the time of its first retain step (SFRon),
     * its joint steps that of its last. Without retain steps it counts cycles.
     */
    @JsonProperty("retain")
    RETAIN,
    /** Counts every step (language models). */
    @JsonProperty("update")
    UPDATE
  }

  /**
   * Algorithm 1: {@code cycles} times {@code forget} FORGET steps, then {@code retain} RETAIN steps
   * ({@code T_f}, {@code T_r}, {@code T_o}), then {@code joint} JOINT steps. Batches are read in
   * order and start over when a pass ends.
   *
   * @param forget FORGET steps a cycle; absent means 0
   * @param retain RETAIN steps a cycle; absent means 0
   * @param joint JOINT steps a cycle; absent means 0
   * @param cycles how often; 0 for a run without a step, which measures and leaves what it starts
   *     from
   * @param clock what time counts
   * @param lr learning-rate schedule on that clock
   */
  record Steps(
      Integer forget, Integer retain, Integer joint, int cycles, Clock clock, LrSchedule lr)
      implements Schedule {
    public Steps {
      requireCounts(forget, retain, joint);
      Check.atLeast("cycles", 0, cycles);
      Check.present("clock", clock);
      Check.present("lr", lr);
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      Map<Objective, Integer> block = blocks(forget, retain, joint, stepsPerPass);
      int cycle = length(block);
      int steps = times(cycle, cycles);
      int retained = block.get(Objective.RETAIN);
      return new Timeline() {
        @Override
        public int steps() {
          return steps;
        }

        @Override
        public double length() {
          return clock == Clock.UPDATE ? steps() : (double) cycles * Math.max(1, retained);
        }

        @Override
        public Slot at(int step) {
          int round = step / cycle;
          Slot slot = slotOf(block, round, step % cycle);
          return new Slot(
              slot.objective(),
              slot.occurrence(),
              clock == Clock.UPDATE ? step : retainTime(slot, round));
        }

        private double retainTime(Slot slot, int round) {
          if (retained == 0) {
            return round;
          }
          return switch (slot.objective()) {
            case FORGET -> round * retained;
            case RETAIN -> slot.occurrence();
            case JOINT -> (round + 1) * retained - 1;
          };
        }
      };
    }
  }

  /**
   * Each epoch: {@code forget} passes over the forget batches, then {@code retain} passes over the
   * retain batches, then {@code joint} passes over the joint batches. The clock counts epochs.
   *
   * @param forget forget passes an epoch; absent means 0
   * @param retain retain passes an epoch; absent means 0
   * @param joint joint passes an epoch; absent means 0
   * @param epochs how often; 0 for a run without a step
   * @param lr learning-rate schedule by epoch
   */
  record Passes(Integer forget, Integer retain, Integer joint, int epochs, LrSchedule lr)
      implements Schedule {
    public Passes {
      requireCounts(forget, retain, joint);
      Check.atLeast("epochs", 0, epochs);
      Check.present("lr", lr);
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      Map<Objective, Integer> block = blocks(forget, retain, joint, stepsPerPass);
      block.replaceAll(
          (objective, passes) -> times(passes, stepsPerPass.getOrDefault(objective, 0)));
      int epoch = length(block);
      int steps = times(epoch, epochs);
      return new Timeline() {
        @Override
        public int steps() {
          return steps;
        }

        @Override
        public double length() {
          return epochs;
        }

        @Override
        public Slot at(int step) {
          return slotOf(block, step / epoch, step % epoch);
        }
      };
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
      Check.present("lr", lr);
    }

    @Override
    public Timeline over(Map<Objective, Integer> stepsPerPass) {
      slots.forEach(slot -> requirePart(1, slot.objective(), stepsPerPass));
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

  private static void requireCounts(Integer forget, Integer retain, Integer joint) {
    Check.atLeast("forget", 0, count(forget));
    Check.atLeast("retain", 0, count(retain));
    Check.atLeast("joint", 0, count(joint));
    require(
        count(forget) > 0 || count(retain) > 0 || count(joint) > 0,
        "forget, retain and joint must not all be 0");
  }

  private static int count(Integer count) {
    return count == null ? 0 : count;
  }

  /** The counts by objective, in the order in which a cycle or an epoch goes through them. */
  private static Map<Objective, Integer> blocks(
      Integer forget, Integer retain, Integer joint, Map<Objective, Integer> stepsPerPass) {
    Map<Objective, Integer> block = new EnumMap<>(Objective.class);
    block.put(Objective.FORGET, count(forget));
    block.put(Objective.RETAIN, count(retain));
    block.put(Objective.JOINT, count(joint));
    block.forEach((objective, count) -> requirePart(count, objective, stepsPerPass));
    return block;
  }

  private static int length(Map<Objective, Integer> block) {
    return counted(block.values().stream().mapToLong(Integer::longValue).sum());
  }

  private static int times(int a, int b) {
    return counted((long) a * b);
  }

  private static int counted(long steps) {
    require(
        steps <= Integer.MAX_VALUE,
        "schedule: has " + steps + " steps, more than " + Integer.MAX_VALUE + "; shorten it");
    return (int) steps;
  }

  /** The step at a place of the given round of blocks; its time is the round. */
  private static Slot slotOf(Map<Objective, Integer> block, int round, int place) {
    int left = place;
    for (Map.Entry<Objective, Integer> entry : block.entrySet()) {
      if (left < entry.getValue()) {
        return new Slot(entry.getKey(), round * entry.getValue() + left, round);
      }
      left -= entry.getValue();
    }
    throw new IndexOutOfBoundsException("there is no step at place " + place + " of " + block);
  }

  private static void requirePart(
      int count, Objective objective, Map<Objective, Integer> stepsPerPass) {
    require(
        count == 0 || stepsPerPass.containsKey(objective),
        "schedule: has "
            + objective.id()
            + " steps, but the method has no part for them; set schedule."
            + objective.id()
            + " to 0");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
