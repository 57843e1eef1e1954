package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.eval.metric.Predictions;

/**
 * Logits of whole sets in evaluation mode, without augmentation, in the order of their rows. A pass
 * borrows the network's arrays, so a network serves one pass at a time.
 *
 * @param classifier the network
 * @param batchSize samples a forward pass; no result depends on it
 * @param betweenBatches called before each batch; what it throws ends the pass
 */
public record Predictor(Classifier classifier, int batchSize, Runnable betweenBatches) {

  /** Logits and labels of every sample. */
  public Predictions predict(Samples samples) {
    float[][] logits = new float[samples.size()][];
    int[] labels = new int[samples.size()];
    NDManager parent = classifier.parameters().arrays().getManager();
    for (int from = 0; from < logits.length; from += batchSize) {
      betweenBatches.run();
      int end = Math.min(from + batchSize, logits.length);
      try (Scope scope = Scope.detached(parent)) {
        scope.borrow(classifier.parameters().arrays());
        LabeledBatch batch = samples.load(IntStream.range(from, end).toArray(), scope.manager());
        float[] values = classifier.logits(batch.inputs(), false).toFloatArray();
        long[] classes = batch.labels().toLongArray();
        int width = values.length / classes.length;
        for (int i = from; i < end; i++) {
          logits[i] = Arrays.copyOfRange(values, (i - from) * width, (i - from + 1) * width);
          labels[i] = Math.toIntExact(classes[i - from]);
        }
      }
    }
    return new Predictions(logits, labels);
  }
}
