package org.dualoptim.vision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.run.Measurement;
import org.dualoptim.eval.metric.Accuracy;
import org.dualoptim.eval.metric.EntropyMia;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Predictions;
import org.dualoptim.eval.metric.Scores;
import org.dualoptim.eval.metric.SvcMia;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.Predictor;

/**
 * The numbers of a classifier in evaluation mode: FA, RA and TA on the whole forget, retain and
 * test sets, and the entropy attack MIA.
 *
 * @param classifier measured as it is when asked
 * @param forget the forget set, or null if there is none: then only RA and TA are measured
 * @param retain the retain set
 * @param test the test set, or null if there is none: then neither TA nor MIA is measured
 * @param betweenBatches called before each forward pass; what it throws ends the evaluation
 */
record Evaluation(
    Classifier classifier, Samples forget, Samples retain, Samples test, Runnable betweenBatches) {
  /** Samples a forward pass; no number depends on it. */
  private static final int BATCH = 256;

  /** Values by metric id, in percent. */
  Map<String, Double> measure() {
    Map<String, Double> values = new LinkedHashMap<>();
    scores(predictions()).forEach((metric, value) -> values.put(metric.id(), value));
    return values;
  }

  /** The same by metric. */
  Scores scores() {
    return new Scores(scores(predictions()));
  }

  /**
   * The same with what each number means.
   *
   * @param thorough whether to run the SVC attack on all its features too, which takes minutes on
   *     large sets
   */
  List<Measurement> explained(boolean thorough) {
    Sets sets = predictions();
    List<Measurement> all = new ArrayList<>();
    scores(sets).forEach((metric, value) -> all.add(measurement(metric, "", value)));
    if (thorough) {
      for (SvcMia.Feature feature : SvcMia.Feature.values()) {
        double score = SvcMia.score(feature, sets.retained(), sets.tested(), sets.forgotten());
        all.add(measurement(Metric.SVC_MIA, " " + feature.id(), score));
      }
    }
    return all;
  }

  private static Measurement measurement(Metric metric, String variant, double value) {
    return new Measurement(
        metric.id() + variant.replace(' ', '-'),
        metric.label() + variant,
        metric.unit(),
        value,
        metric.meaning() + "; " + metric.goal().words());
  }

  private record Sets(Predictions forgotten, Predictions retained, Predictions tested) {}

  private Sets predictions() {
    Predictor predictor = new Predictor(classifier, BATCH, betweenBatches);
    return new Sets(
        forget == null ? null : predictor.predict(forget),
        predictor.predict(retain),
        test == null ? null : predictor.predict(test));
  }

  private static Map<Metric, Double> scores(Sets sets) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    if (sets.forgotten() != null) {
      values.put(Metric.FA, Accuracy.percent(sets.forgotten()));
    }
    values.put(Metric.RA, Accuracy.percent(sets.retained()));
    if (sets.tested() != null) {
      values.put(Metric.TA, Accuracy.percent(sets.tested()));
    }
    if (sets.forgotten() != null && sets.tested() != null) {
      values.put(
          Metric.MIA,
          EntropyMia.fit(sets.retained().logits(), sets.tested().logits())
              .percent(sets.forgotten().logits()));
    }
    return values;
  }
}
