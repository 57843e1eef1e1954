package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.optim.LrSchedule;
import org.dualoptim.core.optim.OptimizerKind;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.parity.BatchCounts;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.recipe.Tables;
import org.dualoptim.core.tensor.Weights;
import org.dualoptim.core.unlearn.DivergedException;
import org.dualoptim.core.unlearn.LoopState;
import org.dualoptim.core.unlearn.Plan;
import org.dualoptim.core.unlearn.UnlearningLoop;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.method.VisionMethod;

/**
 * The parity kind {@code unlearn}: a whole run on recorded batches, through the same method and
 * loop as any trial. Outputs are {@code weights/NAME} at the end, {@code loss} [K] as
 * differentiated and {@code grad_norm} [K] as the optimizer received it.
 */
public final class UnlearnKind implements ParityKind {
  private static final String WEIGHTS = "weights/";

  private final Tables tables;
  private final ImageClassifierCase networks;

  @Inject
  UnlearnKind(Tables tables, ImageClassifierCase networks) {
    this.tables = tables;
    this.networks = networks;
  }

  @Override
  public String id() {
    return "unlearn";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) throws IOException {
    VisionMethod method = tables.read(c.config().path("method"), VisionMethod.class, "method");
    UnlearningOptimizer optimizer = OptimizerKind.read(tables, c.config().path("optimizer"));
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Classifier classifier = Classifier.of(networks.network(c, manager));
      networks.setWeights(classifier.parameters(), c);
      Plan plan = method.plan(session(c, classifier, manager));
      int steps = plan.timeline().steps();
      float[] losses = new float[steps];
      float[] norms = new float[steps];
      try (LoopState state = LoopState.start(classifier.parameters(), optimizer, manager)) {
        new UnlearningLoop(optimizer, new Draws(0), Set.of())
            .run(
                plan,
                state,
                (record, current, all) -> {
                  losses[record.step()] = (float) record.loss();
                  norms[record.step()] = (float) record.appliedNorm();
                });
      }
      Map<String, HostTensor> outputs = new LinkedHashMap<>();
      Weights.tensors(classifier.parameters())
          .forEach((name, values) -> outputs.put(WEIGHTS + name, values));
      BatchCounts.put(c, WEIGHTS, steps, outputs);
      outputs.put("loss", HostTensor.of(losses, steps));
      outputs.put("grad_norm", HostTensor.of(norms, steps));
      return outputs;
    } catch (DivergedException e) {
      throw new ParityException(e.getMessage());
    }
  }

  private RecordedSession session(ParityCase c, Classifier classifier, NDManager manager) {
    JsonNode masks = c.config().path("mask_batches");
    JsonNode schedule = c.config().path("schedule");
    return new RecordedSession(
        classifier,
        manager,
        c,
        RecordedRows.of(c, networks.architecture(c).numClasses()),
        Arrays.asList(tables.read(c.config().path("batches"), RecordedBatch[].class, "batches")),
        masks.isMissingNode() || masks.isNull()
            ? null
            : tables.read(masks, RecordedSession.MaskBatches.class, "mask_batches"),
        schedule.isMissingNode() || schedule.isNull()
            ? new LrSchedule.Constant()
            : tables.read(schedule, LrSchedule.class, "schedule"));
  }
}
