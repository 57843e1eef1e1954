package org.dualoptim.eval.stats;

import static org.dualoptim.eval.metric.Metric.FA;
import static org.dualoptim.eval.metric.Metric.MIA;
import static org.dualoptim.eval.metric.Metric.RA;
import static org.dualoptim.eval.metric.Metric.TA;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Scores;

/**
 * A trial told in words: whether it forgot too little or too much, what that cost the rest, and
 * which knob to turn.
 *
 * <p>The rule: a metric is off where it differs from retraining's mean by more than max(2 points, 2
 * std of retraining). Then
 *
 * <ul>
 *   <li>RA or TA below: what should stay was damaged, whatever else holds;
 *   <li>FA or MIA above: under-forgotten; FA or MIA below: over-forgotten; one of each: uneven, the
 *       labels and the confidence moved apart.
 * </ul>
 *
 * <p>RA and TA above retraining are no fault. The rule points at a direction to search; it proves
 * nothing.
 *
 * @param verdict which case it is
 * @param findings a phrase for each metric that is off
 * @param advice one sentence: what to change
 */
public record Diagnosis(Verdict verdict, List<String> findings, String advice) {
  private static final double POINTS = 2;
  private static final double SPREADS = 2;

  /** The cases that the rule tells apart. */
  public enum Verdict {
    LIKE_RETRAINED("behaves like a retrained one"),
    UNDER_FORGOTTEN("forgot too little"),
    OVER_FORGOTTEN("forgot too much"),
    UNEVEN("forgot unevenly"),
    DAMAGED("lost what it should keep");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** What "the model" did. */
    public String words() {
      return words;
    }
  }

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /**
   * Diagnoses a trial of a method.
   *
   * @param trial its FA, RA, TA and MIA, percent
   * @param retrained the retrained models' scores, one per trial; their mean and std set the target
   * @throws IllegalArgumentException if there is no retrained trial or a metric was not measured
   */
  public static Diagnosis of(Scores trial, List<Scores> retrained) {
    Deviation fa = Deviation.of(FA, trial, retrained);
    Deviation ra = Deviation.of(RA, trial, retrained);
    Deviation ta = Deviation.of(TA, trial, retrained);
    Deviation mia = Deviation.of(MIA, trial, retrained);

    List<String> findings = new ArrayList<>();
    if (fa.above()) {
      findings.add(fa.because("it still knows the forget set"));
    } else if (fa.below()) {
      findings.add(
          fa.because("it fails on forget rows that a model which never saw them gets right"));
    }
    if (mia.above()) {
      findings.add(mia.because("forget rows still look like training data"));
    } else if (mia.below()) {
      findings.add(mia.because("forget rows stand out as less certain than unseen ones"));
    }
    if (ra.below()) {
      findings.add(ra.because("it lost rows of the retain set"));
    }
    if (ta.below()) {
      findings.add(ta.because("it generalises worse"));
    }

    boolean damaged = ra.below() || ta.below();
    boolean tooLittle = fa.above() || mia.above();
    boolean tooMuch = fa.below() || mia.below();
    if (damaged && tooMuch) {
      return new Diagnosis(
          Verdict.DAMAGED,
          findings,
          "Unlearn more gently (a lower learning rate, a smaller alpha where the method has one), then see what is left of the damage.");
    }
    if (damaged) {
      return new Diagnosis(
          Verdict.DAMAGED,
          findings,
          "Take more retain steps for each forget step where the method has both, or a lower learning rate.");
    }
    if (tooLittle && tooMuch) {
      return new Diagnosis(
          Verdict.UNEVEN,
          findings,
          "Lower the learning rate that forgets and take more steps, so that retaining can keep up.");
    }
    if (tooLittle) {
      return new Diagnosis(
          Verdict.UNDER_FORGOTTEN,
          findings,
          "Unlearn more strongly: a higher learning rate, a larger alpha where the method has one, or more steps.");
    }
    if (tooMuch) {
      return new Diagnosis(
          Verdict.OVER_FORGOTTEN,
          findings,
          "Unlearn more gently: a lower learning rate, or a smaller alpha where the method has one.");
    }
    return new Diagnosis(Verdict.LIKE_RETRAINED, findings, "There is nothing to change.");
  }

  /** The diagnosis in one line: verdict, findings, advice. */
  public String sentence() {
    String reasons = findings.isEmpty() ? "" : ": " + String.join("; ", findings);
    return "The model " + verdict.words() + reasons + ". " + advice;
  }

  /** A metric of the trial beside its target. */
  private record Deviation(Metric metric, double value, Summary target) {

    static Deviation of(Metric metric, Scores trial, List<Scores> retrained) {
      return new Deviation(
          metric,
          trial.get(metric),
          Summary.of(retrained.stream().mapToDouble(scores -> scores.get(metric)).toArray()));
    }

    boolean above() {
      return value - target.mean() > tolerance();
    }

    boolean below() {
      return target.mean() - value > tolerance();
    }

    private double tolerance() {
      return Math.max(POINTS, SPREADS * target.std());
    }

    String because(String meaning) {
      return String.format(
          Locale.ROOT,
          "%s %.1f is %.1f points %s retraining's %.1f (%s)",
          metric.label(),
          value,
          Math.abs(value - target.mean()),
          above() ? "above" : "below",
          target.mean(),
          meaning);
    }
  }
}
