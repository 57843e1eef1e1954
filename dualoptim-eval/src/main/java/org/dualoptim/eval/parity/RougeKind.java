package org.dualoptim.eval.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.metric.Rouge;

/**
 * The kind {@code rouge}: {@code rouge1_recall} [N] and {@code rougeL_recall} [N] of {@link Rouge}
 * on config {@code pairs}, [target, prediction].
 */
final class RougeKind implements ParityKind {

  @Override
  public String id() {
    return "rouge";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    JsonNode pairs = c.config().path("pairs");
    if (!pairs.isArray()) {
      throw new ParityException(
          "case "
              + c.name()
              + ": config 'pairs' must be a list of [target, prediction], got "
              + (pairs.isMissingNode() ? "nothing" : pairs));
    }
    float[] rouge1 = new float[pairs.size()];
    float[] rougeL = new float[pairs.size()];
    for (int i = 0; i < rouge1.length; i++) {
      JsonNode pair = pairs.path(i);
      if (pair.size() != 2 || !pair.path(0).isTextual() || !pair.path(1).isTextual()) {
        throw new ParityException(
            "case "
                + c.name()
                + ": config 'pairs' must hold [target, prediction] texts, got "
                + pair);
      }
      Rouge rouge = Rouge.of(pair.path(0).textValue(), pair.path(1).textValue());
      rouge1[i] = (float) rouge.rouge1Recall();
      rougeL[i] = (float) rouge.rougeLRecall();
    }
    return Map.of(
        "rouge1_recall", HostTensor.of(rouge1, rouge1.length),
        "rougeL_recall", HostTensor.of(rougeL, rougeL.length));
  }
}
