package org.dualoptim.core.unlearn;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.optim.Objective;

/**
 * A method made ready to run: a schedule and one part per objective.
 *
 * @param schedule which objective each step serves
 * @param parts at most one per objective
 * @param listeners what else the method does after each step, in order: averages of the weights
 */
public record Plan(Schedule schedule, List<Part<?>> parts, List<StepListener> listeners) {

  public Plan {
    parts = List.copyOf(parts);
    listeners = List.copyOf(listeners);
    if (parts.stream().map(Part::objective).distinct().count() != parts.size()) {
      throw new IllegalArgumentException("a plan has at most one part per objective");
    }
  }

  public static Plan of(Schedule schedule, Part<?>... parts) {
    return new Plan(schedule, List.of(parts), List.of());
  }

  /** The same plan with one more listener. */
  public Plan with(StepListener listener) {
    List<StepListener> all = new ArrayList<>(listeners);
    all.add(listener);
    return new Plan(schedule, parts, all);
  }

  /**
   * The same plan with transforms of some objectives in another order: a recipe's {@code
   * [transforms]} table.
   *
   * @throws IllegalArgumentException if there is no part for an objective, or its transforms are
   *     others
   */
  public Plan ordered(Map<Objective, List<String>> order) {
    Map<Objective, List<String>> left = new EnumMap<>(Objective.class);
    left.putAll(order);
    List<Part<?>> ordered = new ArrayList<>();
    for (Part<?> part : parts) {
      List<String> kinds = left.remove(part.objective());
      ordered.add(kinds == null ? part : part.ordered(kinds));
    }
    left.forEach(
        (objective, kinds) -> {
          throw new IllegalArgumentException(
              "transforms."
                  + objective.id()
                  + ": the method has no part for "
                  + objective.id()
                  + " steps");
        });
    return new Plan(schedule, ordered, listeners);
  }

  /** The part that serves an objective. */
  public Part<?> part(Objective objective) {
    return parts.stream()
        .filter(part -> part.objective() == objective)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the method has no part for " + objective.id() + " steps"));
  }

  /**
   * The steps in order.
   *
   * @throws IllegalArgumentException if one serves an objective that has no part
   */
  public Timeline timeline() {
    Map<Objective, Integer> lengths = new EnumMap<>(Objective.class);
    parts.forEach(part -> lengths.put(part.objective(), part.stepsPerPass()));
    return schedule.over(lengths);
  }
}
