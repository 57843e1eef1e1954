package org.dualoptim.eval.stats;

import static org.dualoptim.eval.metric.Metric.FA;
import static org.dualoptim.eval.metric.Metric.MIA;
import static org.dualoptim.eval.metric.Metric.RA;
import static org.dualoptim.eval.metric.Metric.TA;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;

/**
 * A method told in words: whether it forgot too little or too much, what that cost the rest, and
 * which keys of its recipe to turn.
 *
 * <p>The rule: a metric is off where it differs from retraining's mean by more than max(2 points, 2
 * std of retraining). Then
 *
 * <ul>
 *   <li>RA or TA below: what should stay is missing; lost, unless the starting model is known and
 *       had at most 2 points more: then it was never there;
 *   <li>FA or MIA above: under-forgotten; FA or MIA below: over-forgotten; one of each: uneven, the
 *       labels and the confidence moved apart.
 * </ul>
 *
 * <p>RA and TA above retraining are no fault. The rule points at a direction to search; it proves
 * nothing.
 *
 * @param verdict which case it is: damage comes first, a weak start last
 * @param findings what is off, in words and in points from retraining: {@code forgot too little (FA
 *     +12.8)}
 * @param advice what to change, in a sentence or more
 */
public record Diagnosis(Verdict verdict, List<String> findings, String advice) {
  private static final double POINTS = 2;
  private static final double SPREADS = 2;

  /** The cases that the rule tells apart. */
  public enum Verdict {
    LIKE_RETRAINED("behaves like a retrained model"),
    UNDER_FORGOTTEN("forgot too little"),
    OVER_FORGOTTEN("forgot too much"),
    UNEVEN("forgot unevenly"),
    DAMAGED("lost what should stay"),
    WEAK_START("began with less than a retrained model has");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** What the model did. */
    public String words() {
      return words;
    }
  }

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /**
   * Diagnoses a method by the means over its trials.
   *
   * @param trials FA, RA, TA and MIA, percent, one per trial
   * @param retrained those of the retrained models; their mean and std set the target
   * @param start those of the models before unlearning; empty if they were not measured
   * @param knobs the keys that advice may name
   * @throws IllegalArgumentException if there is no trial, no retrained one, or a metric was not
   *     measured
   */
  public static Diagnosis of(
      List<Scores> trials, List<Scores> retrained, List<Scores> start, Knobs knobs) {
    return new Deviations(
            Deviation.of(FA, trials, retrained, start),
            Deviation.of(RA, trials, retrained, start),
            Deviation.of(TA, trials, retrained, start),
            Deviation.of(MIA, trials, retrained, start))
        .diagnosis(knobs);
  }

  /** The diagnosis in one line: findings, then advice. */
  public String sentence() {
    String found = findings.isEmpty() ? verdict.words() : String.join("; ", findings);
    return Character.toUpperCase(found.charAt(0)) + found.substring(1) + ". " + advice;
  }

  /** The four metrics beside their targets. */
  private record Deviations(Deviation fa, Deviation ra, Deviation ta, Deviation mia) {
    boolean tooLittle() {
      return fa.above() || mia.above();
    }

    boolean tooMuch() {
      return fa.below() || mia.below();
    }

    boolean lost() {
      return ra.lost() || ta.lost();
    }

    boolean neverHad() {
      return ra.neverHad() || ta.neverHad();
    }

    Diagnosis diagnosis(Knobs knobs) {
      return new Diagnosis(verdict(), findings(), advice(knobs));
    }

    private Verdict verdict() {
      if (lost()) {
        return Verdict.DAMAGED;
      }
      return forgetting().orElse(neverHad() ? Verdict.WEAK_START : Verdict.LIKE_RETRAINED);
    }

    /** What is wrong with what was forgotten. */
    private Optional<Verdict> forgetting() {
      if (tooLittle() && tooMuch()) {
        return Optional.of(Verdict.UNEVEN);
      }
      if (tooLittle()) {
        return Optional.of(Verdict.UNDER_FORGOTTEN);
      }
      return tooMuch() ? Optional.of(Verdict.OVER_FORGOTTEN) : Optional.empty();
    }

    private List<String> findings() {
      List<String> findings = new ArrayList<>();
      forgetting()
          .ifPresent(
              verdict ->
                  findings.add(verdict.words() + listed(d -> d.above() || d.below(), fa, mia)));
      if (lost()) {
        findings.add(Verdict.DAMAGED.words() + listed(Deviation::lost, ra, ta));
      }
      if (neverHad()) {
        findings.add("was no better before unlearning" + listed(Deviation::neverHad, ra, ta));
      }
      return findings;
    }

    /** {@code (FA +12.8, MIA -3.0)}: points from retraining. */
    private static String listed(Predicate<Deviation> which, Deviation... all) {
      return Stream.of(all)
          .filter(which)
          .map(Deviation::points)
          .collect(Collectors.joining(", ", " (", ")"));
    }

    private String advice(Knobs knobs) {
      List<String> advice =
          Stream.of(forgetting(knobs), keeping(knobs), beginning())
              .filter(each -> !each.isEmpty())
              .toList();
      return advice.isEmpty() ? "There is nothing to change." : String.join(" ", advice);
    }

    /** On what is forgotten; and on the damage too, where less forgetting mends that. */
    private String forgetting(Knobs knobs) {
      if (tooLittle() && tooMuch()) {
        return "Forget more slowly for longer: lower "
            + named(knobs.forgetLess(), "the learning rate that forgets")
            + ", and raise "
            + named(knobs.length(), "the number of steps")
            + ".";
      }
      if (tooLittle()) {
        return "Forget more: raise "
            + named(knobs.forget(), "the learning rate that forgets")
            + ".";
      }
      if (tooMuch() || lost()) {
        return "Forget less: lower "
            + named(knobs.forgetLess(), "the learning rate that forgets")
            + ".";
      }
      return "";
    }

    private String keeping(Knobs knobs) {
      if (!lost()) {
        return "";
      }
      if (!knobs.keep().isEmpty()) {
        return "Keep more: raise " + Knobs.either(knobs.keep()) + ".";
      }
      return tooLittle() && !tooMuch()
          ? "It has no retain steps, so forgetting more will also cost more; try a method that has."
          : "";
    }

    private String beginning() {
      return verdict() == Verdict.WEAK_START
          ? "Train the model that it starts from for longer."
          : "";
    }

    private static String named(List<Knobs.Knob> knobs, String otherwise) {
      return knobs.isEmpty() ? otherwise : Knobs.either(knobs);
    }
  }

  /**
   * A metric beside its target.
   *
   * @param start before unlearning; NaN if that is not known
   */
  private record Deviation(Metric metric, double value, Summary target, double start) {

    static Deviation of(
        Metric metric, List<Scores> trials, List<Scores> retrained, List<Scores> start) {
      return new Deviation(
          metric,
          summary(metric, trials).mean(),
          summary(metric, retrained),
          start.isEmpty() ? Double.NaN : summary(metric, start).mean());
    }

    private static Summary summary(Metric metric, List<Scores> scores) {
      return Summary.of(scores.stream().mapToDouble(each -> each.get(metric)).toArray());
    }

    boolean above() {
      return value - target.mean() > tolerance();
    }

    boolean below() {
      return target.mean() - value > tolerance();
    }

    /** Below, and as low before. */
    boolean neverHad() {
      return below() && !lost();
    }

    /** Below, and not known to have been as low before. */
    boolean lost() {
      return below() && !(start - value <= POINTS);
    }

    private double tolerance() {
      return Math.max(POINTS, SPREADS * target.std());
    }

    /** {@code FA +12.8}. */
    String points() {
      return String.format(Locale.ROOT, "%s %+.1f", metric.label(), value - target.mean());
    }
  }
}
