package org.dualoptim.vision.method;

import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Loss;

/** The losses that methods are made of; networks run in training mode. */
final class Losses {
  private Losses() {}

  /** Mean cross-entropy. */
  static Loss<LabeledBatch> crossEntropy(Classifier classifier) {
    return (batch, moment) -> TorchOps.crossEntropy(classifier.logits(batch.inputs(), true), batch.labels());
  }
}
