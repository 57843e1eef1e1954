package org.dualoptim.vision;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.eval.metric.Accuracy;
import org.dualoptim.eval.metric.EntropyMia;
import org.dualoptim.eval.metric.Metric;
import org.dualoptim.eval.metric.Predictions;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.Predictor;
import org.dualoptim.vision.method.Samples;

/**
 * The numbers of a classifier in evaluation mode: FA, RA and TA on the whole forget, retain and test sets, and the entropy attack MIA.
 *
 * @param classifier measured as it is when asked
 * @param forget the forget set, or null if there is none: then only RA and TA are measured
 * @param retain the retain set
 * @param test the test set
 */
record Evaluation(Classifier classifier, Samples forget, Samples retain, Samples test) {
  /** Samples a forward pass; no number depends on it. */
  private static final int BATCH = 256;

  /** Values by metric id, in percent. */
  Map<String, Double> measure() {
    Predictor predictor = new Predictor(classifier, BATCH);
    Predictions retained = predictor.predict(retain);
    Predictions tested = predictor.predict(test);
    Map<String, Double> values = new LinkedHashMap<>();
    if (forget != null) {
      Predictions forgotten = predictor.predict(forget);
      values.put(Metric.FA.id(), Accuracy.percent(forgotten));
      values.put(Metric.RA.id(), Accuracy.percent(retained));
      values.put(Metric.TA.id(), Accuracy.percent(tested));
      values.put(
          Metric.MIA.id(), EntropyMia.fit(retained.logits(), tested.logits()).percent(forgotten.logits()));
    } else {
      values.put(Metric.RA.id(), Accuracy.percent(retained));
      values.put(Metric.TA.id(), Accuracy.percent(tested));
    }
    return values;
  }
}
