package org.dualoptim.core.unlearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.Objective;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Map<Objective, Integer> PARTS =
      Map.of(Objective.FORGET, 2, Objective.RETAIN, 5, Objective.JOINT, 3);

  @Test
  void stepsAlternateAsInAlgorithmOne() {
    Timeline timeline = steps(1, 2, 0, 3, Schedule.Clock.RETAIN).over(PARTS);
    assertThat(letters(timeline)).isEqualTo("FRRFRRFRR");
    assertThat(times(timeline)).containsExactly(0, 0, 1, 2, 2, 3, 4, 4, 5);
    assertThat(timeline.length()).isEqualTo(6);
  }

  @Test
  void theUpdateClockCountsEveryStep() {
    Timeline timeline = steps(1, 2, 0, 3, Schedule.Clock.UPDATE).over(PARTS);
    assertThat(times(timeline)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(timeline.length()).isEqualTo(9);
  }

  @Test
  void withoutRetainStepsTheRetainClockCountsCycles() {
    Timeline timeline = steps(2, 0, 0, 2, Schedule.Clock.RETAIN).over(PARTS);
    assertThat(times(timeline)).containsExactly(0, 0, 1, 1);
    assertThat(timeline.length()).isEqualTo(2);
  }

  @Test
  void jointStepsCloseACycle() {
    assertThat(letters(steps(1, 1, 2, 2, Schedule.Clock.UPDATE).over(PARTS))).isEqualTo("FRJJFRJJ");
    assertThat(letters(steps(0, 0, 1, 4, Schedule.Clock.UPDATE).over(Map.of(Objective.JOINT, 3))))
        .isEqualTo("JJJJ");
  }

  @Test
  void passesGoThroughAPartAsOftenAsTheySay() {
    Timeline timeline = new Schedule.Passes(2, 1, null, 2, Toy.CONSTANT).over(PARTS);
    assertThat(letters(timeline)).isEqualTo("FFFFRRRRR".repeat(2));
    assertThat(times(timeline))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(timeline.length()).isEqualTo(2);
  }

  @Test
  void aSequenceIsReplayedAsItWasRecorded() {
    List<Slot> slots =
        List.of(new Slot(Objective.RETAIN, 3, 1.5), new Slot(Objective.FORGET, 0, 0));
    Timeline timeline = new Schedule.Sequence(slots, 7, Toy.CONSTANT).over(PARTS);
    assertThat(List.of(timeline.at(0), timeline.at(1))).isEqualTo(slots);
    assertThat(timeline.length()).isEqualTo(7);
  }

  @Test
  void everyStepOfAnObjectiveIsCountedOnceAndInOrder() {
    for (Timeline timeline : manyTimelines()) {
      Map<Objective, Integer> next = new EnumMap<>(Objective.class);
      double time = 0;
      for (int step = 0; step < timeline.steps(); step++) {
        Slot slot = timeline.at(step);
        assertThat(slot.occurrence()).isEqualTo(next.getOrDefault(slot.objective(), 0));
        next.merge(slot.objective(), 1, Integer::sum);
        assertThat(slot.time()).as("the clock never runs back").isGreaterThanOrEqualTo(time);
        assertThat(slot.time()).as("nor beyond its end").isLessThan(timeline.length());
        time = slot.time();
      }
      assertThat(next.values().stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(timeline.steps());
    }
  }

  @Test
  void aCursorIsAllThatAResumedRunNeeds() {
    Random random = new Random(7);
    for (Timeline timeline : manyTimelines()) {
      List<Slot> forwards = IntStream.range(0, timeline.steps()).mapToObj(timeline::at).toList();
      List<Integer> order = new ArrayList<>(IntStream.range(0, timeline.steps()).boxed().toList());
      Collections.shuffle(order, random);
      order.forEach(step -> assertThat(timeline.at(step)).isEqualTo(forwards.get(step)));
    }
  }

  @Test
  void aBlockEndsWhereTheObjectiveChangesAndAtTheEnd() {
    for (Timeline timeline : manyTimelines()) {
      String letters = letters(timeline) + ".";
      for (int step = 0; step < timeline.steps(); step++) {
        assertThat(timeline.endsBlock(step))
            .isEqualTo(letters.charAt(step) != letters.charAt(step + 1));
      }
    }
  }

  @Test
  void aForgetStepSharesTheCosineOfItsRetainStep() {
    Schedule schedule =
        new Schedule.Steps(1, 2, null, 3, Schedule.Clock.RETAIN, new LrSchedule.Cosine(null));
    assertThat(factors(schedule))
        .hasSize(9)
        .startsWith(1.0, 1.0)
        .satisfies(f -> assertThat(f.get(3)).isEqualTo(f.get(4)));
    assertThat(factors(schedule).get(8))
        .isCloseTo((1 + Math.cos(Math.PI * 5 / 6)) / 2, within(1e-12));
  }

  @Test
  void cosineOverPassesChangesWithTheEpochOnly() {
    Schedule schedule = new Schedule.Passes(1, null, null, 2, new LrSchedule.Cosine(null));
    assertThat(factors(schedule))
        .hasSize(4)
        .startsWith(1.0, 1.0)
        .satisfies(f -> assertThat(f.get(2)).isCloseTo(0.5, within(1e-12)));
  }

  @Test
  void warmUpRisesAndFallsWithTheUpdates() {
    Schedule schedule =
        new Schedule.Steps(
            1, 1, null, 3, Schedule.Clock.UPDATE, new LrSchedule.LinearWarmup(2, null));
    assertThat(factors(schedule)).containsExactly(0.0, 0.5, 1.0, 0.75, 0.5, 0.25);
  }

  @Test
  void stepsThatNoPartServesAreRefused() {
    assertThatThrownBy(
            () -> steps(1, 5, 0, 3, Schedule.Clock.RETAIN).over(Map.of(Objective.RETAIN, 4)))
        .hasMessage(
            "schedule: has forget steps, but the method has no part for them; set schedule.forget to 0");
    assertThatThrownBy(
            () ->
                new Schedule.Passes(1, 1, null, 1, Toy.CONSTANT).over(Map.of(Objective.FORGET, 4)))
        .hasMessageContaining("schedule.retain to 0");
    assertThatThrownBy(
            () ->
                new Schedule.Sequence(List.of(new Slot(Objective.JOINT, 0, 0)), 1, Toy.CONSTANT)
                    .over(Map.of(Objective.FORGET, 4)))
        .hasMessageContaining("joint steps");
  }

  @Test
  void schedulesWithoutAStepAreRefused() {
    assertThatThrownBy(() -> steps(0, 0, 0, 3, Schedule.Clock.UPDATE))
        .hasMessage("forget, retain and joint must not all be 0");
    assertThatThrownBy(() -> steps(-1, 2, 0, 3, Schedule.Clock.UPDATE))
        .hasMessage("forget must be >= 0, got -1");
    assertThatThrownBy(() -> steps(1, 2, 0, -1, Schedule.Clock.UPDATE))
        .hasMessage("cycles must be >= 0, got -1");
    assertThatThrownBy(() -> new Schedule.Passes(1, null, null, -1, Toy.CONSTANT))
        .hasMessage("epochs must be >= 0, got -1");
    assertThatThrownBy(() -> new Schedule.Steps(1, 1, null, 1, null, Toy.CONSTANT))
        .hasMessage("clock is missing");
    assertThatThrownBy(() -> new Schedule.Passes(1, 1, null, 1, null)).hasMessage("lr is missing");
  }

  private static Schedule.Steps steps(
      int forget, int retain, int joint, int cycles, Schedule.Clock clock) {
    return new Schedule.Steps(forget, retain, joint, cycles, clock, Toy.CONSTANT);
  }

  private static List<Timeline> manyTimelines() {
    List<Timeline> timelines = new ArrayList<>();
    for (int forget = 0; forget < 3; forget++) {
      for (int retain = 0; retain < 4; retain++) {
        for (int joint = 0; joint < 3; joint++) {
          if (forget + retain + joint > 0) {
            timelines.add(steps(forget, retain, joint, 5, Schedule.Clock.UPDATE).over(PARTS));
            timelines.add(steps(forget, retain, joint, 3, Schedule.Clock.RETAIN).over(PARTS));
            timelines.add(new Schedule.Passes(forget, retain, joint, 3, Toy.CONSTANT).over(PARTS));
          }
        }
      }
    }
    return timelines;
  }

  private static List<Double> factors(Schedule schedule) {
    Timeline timeline = schedule.over(PARTS);
    return IntStream.range(0, timeline.steps())
        .mapToObj(step -> schedule.lr().factor(timeline.at(step).time(), timeline.length()))
        .toList();
  }

  private static double[] times(Timeline timeline) {
    return IntStream.range(0, timeline.steps())
        .mapToDouble(step -> timeline.at(step).time())
        .toArray();
  }

  private static String letters(Timeline timeline) {
    StringBuilder letters = new StringBuilder();
    for (int step = 0; step < timeline.steps(); step++) {
      letters.append(timeline.at(step).objective().name().charAt(0));
    }
    return letters.toString();
  }
}
