package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.Schedule;

/**
 * A session over samples in memory.
 *
 * @param classifier the network at its starting weights
 * @param owner lives at least as long as the plan
 * @param forget the forget set; may be empty for a method that does not read it
 * @param retain the retain set
 * @param both the forget set's rows and then the retain set's, for JOINT batches
 * @param classes how many classes random labels are drawn from
 * @param batchSize samples a batch
 * @param schedule the run's length
 * @param draws the run's random draws
 * @param artefacts where masks are kept
 * @param betweenBatches called before each batch of a plan's own passes; what it throws ends the
 *     plan
 */
public record SampledSession(
    Classifier classifier,
    NDManager owner,
    Samples forget,
    Samples retain,
    Samples both,
    int classes,
    int batchSize,
    Schedule schedule,
    Draws draws,
    Artefacts artefacts,
    Runnable betweenBatches)
    implements VisionSession {

  @Override
  public Batches<LabeledBatch> batches(Objective objective) {
    return shuffled(objective, 0, objective.id());
  }

  @Override
  public Batches<LabeledBatch> relabelled(Objective objective) {
    if (objective == Objective.RETAIN) {
      throw new IllegalArgumentException("the retain set keeps its labels");
    }
    return shuffled(objective, forget.size(), objective.id());
  }

  @Override
  public Batches<LabeledBatch> preparation(Objective objective) {
    return shuffled(objective, 0, "prepare/" + objective.id()).asking(betweenBatches);
  }

  private Batches<LabeledBatch> shuffled(Objective objective, int relabelled, String stream) {
    return new AugmentedRows(samples(objective), relabelled, classes, draws, stream)
        .batches(batchSize);
  }

  private Samples samples(Objective objective) {
    return switch (objective) {
      case FORGET -> forget;
      case RETAIN -> retain;
      case JOINT -> both;
    };
  }

  /**
   * {@link Classifier#requireTrainable} for every set that the method trains on, to its last batch
   * or not.
   */
  public void requireTrainable(VisionMethod method) {
    for (Objective objective : method.objectives()) {
      classifier.requireTrainable(samples(objective), batchSize, owner);
    }
  }
}
