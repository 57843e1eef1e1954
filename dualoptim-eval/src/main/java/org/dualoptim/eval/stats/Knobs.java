package org.dualoptim.eval.stats;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The keys of one recipe that decide how much a method forgets and how much it keeps, with their
 * values, so that advice names what can be given to {@code --set}.
 *
 * @param forget raised, the method forgets more; lowered, less
 * @param keep raised, the method keeps more; empty where it has no retain steps
 * @param length how long the run is; empty where the recipe does not say
 * @param rates every learning rate
 * @param clips every bound that gradients are clipped to; empty where the method has none
 */
public record Knobs(
    List<Knob> forget, List<Knob> keep, List<Knob> length, List<Knob> rates, List<Knob> clips) {

  /**
   * A key and its value.
   *
   * @param key dotted, as {@code --set} takes it
   * @param value a number
   */
  public record Knob(String key, JsonNode value) {

    /** Whether a smaller value would still be one: a count of 1 would not. */
    boolean canBeLowered() {
      return !value.isIntegralNumber() || value.asLong() > 1;
    }

    @Override
    public String toString() {
      String text = value.asText().replace("E", "e").replace(".0e", "e");
      return key
          + " (now "
          + (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text)
          + ")";
    }
  }

  /** No recipe, no keys. */
  public static final Knobs NONE = new Knobs(List.of(), List.of(), List.of(), List.of(), List.of());

  public Knobs {
    forget = List.copyOf(forget);
    keep = List.copyOf(keep);
    length = List.copyOf(length);
    rates = List.copyOf(rates);
    clips = List.copyOf(clips);
  }

  /**
   * What the schedule, the optimizer and a method's {@code max_norm} offer.
   *
   * <p>Forgetting follows the steps of the FORGET objective and their learning rate; without such
   * steps those of JOINT, and without these those of RETAIN, by which fine-tuning forgets. A rate
   * that FORGET and RETAIN steps share is no knob of either.
   *
   * @param resolved a resolved recipe; keys that it lacks are no knobs
   */
  public static Knobs of(JsonNode resolved) {
    List<Knob> forgetSteps = there(resolved, "schedule.forget");
    List<Knob> retainSteps = there(resolved, "schedule.retain");
    List<Knob> forgetRates =
        there(resolved, "optimizer.forget.lr", "optimizer.lr_forget", "optimizer.lr_adam");
    List<Knob> retainRates =
        there(resolved, "optimizer.retain.lr", "optimizer.lr_retain", "optimizer.lr_sgd");
    List<Knob> sharedRates = there(resolved, "optimizer.optimizer.lr");

    List<Knob> jointSteps = there(resolved, "schedule.joint");
    boolean both = !forgetSteps.isEmpty() && !retainSteps.isEmpty();
    List<Knob> ofForget = forgetSteps.isEmpty() ? List.of() : first(forgetRates, sharedRates);
    List<Knob> ofRetain = retainSteps.isEmpty() ? List.of() : first(retainRates, sharedRates);
    List<Knob> ofJoint = jointSteps.isEmpty() ? List.of() : sharedRates;
    List<Knob> steps = first(forgetSteps, first(jointSteps, retainSteps));
    List<Knob> rates =
        both && forgetRates.isEmpty() ? List.of() : first(ofForget, first(ofJoint, ofRetain));
    List<Knob> all =
        steps.isEmpty() // which steps there are is not said
            ? joined(forgetRates, forgetRates.isEmpty() ? sharedRates : retainRates)
            : joined(joined(ofForget, ofRetain), ofJoint);
    List<Knob> used = all.stream().distinct().toList();
    return new Knobs(
        joined(steps, rates),
        retainSteps,
        there(resolved, "schedule.epochs", "schedule.cycles"),
        used,
        there(resolved, "method.max_norm"));
  }

  /** These and one more by which the method forgets, where the recipe has it. */
  public Knobs forgettingBy(JsonNode resolved, String key) {
    return new Knobs(joined(forget, there(resolved, key)), keep, length, rates, clips);
  }

  /** These and one more by which the method keeps, where the recipe has it. */
  public Knobs keepingBy(JsonNode resolved, String key) {
    return new Knobs(forget, joined(keep, there(resolved, key)), length, rates, clips);
  }

  /** What makes it forget less without ending at nothing. */
  List<Knob> forgetLess() {
    List<Knob> all = keep.isEmpty() ? joined(forget, length) : forget;
    return all.stream().filter(Knob::canBeLowered).toList();
  }

  /** {@code a, b or c}. */
  static String either(List<Knob> knobs) {
    List<String> words = knobs.stream().map(Knob::toString).toList();
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /** One sentence on a run that diverged. */
  public String calmer() {
    String lower = rates.isEmpty() ? "Lower the learning rate" : "Lower " + either(rates);
    return lower + (clips.isEmpty() ? "." : ", or clip harder with a lower " + either(clips) + ".");
  }

  private static List<Knob> there(JsonNode resolved, String... keys) {
    Predicate<Knob> used = knob -> knob.value().isNumber() && knob.value().asDouble() != 0;
    return Stream.of(keys)
        .map(key -> new Knob(key, resolved.at("/" + key.replace('.', '/'))))
        .filter(used)
        .toList();
  }

  private static List<Knob> first(List<Knob> some, List<Knob> otherwise) {
    return some.isEmpty() ? otherwise : some;
  }

  private static List<Knob> joined(List<Knob> some, List<Knob> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}
