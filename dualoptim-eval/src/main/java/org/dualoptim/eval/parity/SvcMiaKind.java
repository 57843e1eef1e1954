package org.dualoptim.eval.parity;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.metric.SvcMia;

/** The kind {@code mia-svc}: {@code score} [] of {@link SvcMia} on config {@code feature}. */
final class SvcMiaKind implements ParityKind {

  @Override
  public String id() {
    return "mia-svc";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    double score =
        SvcMia.score(
            SvcMia.Feature.of(c.config().path("feature").asText()),
            Inputs.predictions(c, "retain"),
            Inputs.predictions(c, "test"),
            Inputs.predictions(c, "forget"));
    return Map.of("score", HostTensor.scalar((float) score));
  }
}
