package org.dualoptim.vision.method;

import ai.djl.ndarray.NDManager;
import org.dualoptim.core.data.Batches;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.unlearn.Artefacts;
import org.dualoptim.core.unlearn.Mask;
import org.dualoptim.core.unlearn.Schedule;

/**
 * What a vision method plans with: the network at its starting weights, the forget and the retain
 * set in batches, and the run's length.
 */
public interface VisionSession {

  Classifier classifier();

  /** Owns the arrays that a plan computes and its steps use: masks, a teacher's weights. */
  NDManager owner();

  /**
   * Shuffled, augmented batches of the forget set (FORGET), the retain set (RETAIN) or both
   * together (JOINT).
   */
  Batches<LabeledBatch> batches(Objective objective);

  /**
   * The same with labels of forget samples drawn anew, uniformly over all classes, at every pass.
   *
   * @param objective FORGET or JOINT
   */
  Batches<LabeledBatch> relabelled(Objective objective);

  /** One pass in the prepare phase, its draws apart from those of the run. */
  Batches<LabeledBatch> preparation(Objective objective);

  Schedule schedule();

  /**
   * The run's random draws, for what a method draws itself: functions of (stream, pass, index), so
   * that a resumed run draws the same.
   */
  Draws draws();

  /** Keeps what a plan computes at the starting weights for other runs that start there. */
  default Artefacts artefacts() {
    return Artefacts.NONE;
  }

  /** A mask that the method needs, owned by {@link #owner}. */
  default Mask mask(Saliency saliency) {
    return new Mask(artefacts().get(saliency, owner(), () -> saliency.mask(this).masks()));
  }
}
