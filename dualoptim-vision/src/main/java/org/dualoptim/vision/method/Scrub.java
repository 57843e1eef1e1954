package org.dualoptim.vision.method;

import ai.djl.ndarray.NDArray;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.optim.Objective;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.unlearn.Part;
import org.dualoptim.core.unlearn.Plan;

/**
 * SCRUB (Kurmanji et al. 2023, arXiv 2302.09880) as the official DualOptim code runs it: away from
 * a frozen teacher on the forget set, {@code loss = -KL(teacher || student)}, towards it on the
 * retain set, {@code loss = gamma CE + alpha KL(teacher || student)}. KL is summed over classes and
 * averaged over the batch at temperature 1; every epoch ascends; the teacher is the starting
 * weights in training mode.
 *
 * @param alpha weight of the distillation on the retain set
 * @param gamma weight of the cross-entropy on the retain set
 */
public record Scrub(double alpha, double gamma) implements VisionMethod {
  private static final double TEMPERATURE = 1;

  public Scrub {
    Check.nonNegative("alpha", alpha);
    Check.nonNegative("gamma", gamma);
  }

  @Override
  public Plan plan(VisionSession session) {
    Classifier student = session.classifier();
    Classifier.Teacher teacher = student.teacher(session.owner());
    return Plan.of(
        session.schedule(),
        Part.descend(
            Objective.FORGET,
            session.batches(Objective.FORGET),
            (batch, moment) -> divergence(student, teacher, batch).kl().neg()),
        Part.descend(
            Objective.RETAIN,
            session.batches(Objective.RETAIN),
            (batch, moment) -> {
              Divergence d = divergence(student, teacher, batch);
              return Losses.crossEntropy(d.logits(), batch.labels())
                  .mul((float) gamma)
                  .add(d.kl().mul((float) alpha));
            }));
  }

  private record Divergence(NDArray logits, NDArray kl) {}

  private static Divergence divergence(
      Classifier student, Classifier.Teacher teacher, LabeledBatch batch) {
    NDArray target = teacher.logits(batch.inputs(), true);
    NDArray logits = student.logits(batch.inputs(), true);
    return new Divergence(logits, Losses.klTeacher(logits, target, TEMPERATURE));
  }
}
