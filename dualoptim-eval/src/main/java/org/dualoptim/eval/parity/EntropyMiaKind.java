package org.dualoptim.eval.parity;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.metric.EntropyMia;

/**
 * The kind {@code mia-entropy}: {@code mia} [] percent and {@code coef} [2] = (w, b) of {@link
 * EntropyMia}.
 */
final class EntropyMiaKind implements ParityKind {

  @Override
  public String id() {
    return "mia-entropy";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    float[][] retain = Inputs.rows(c, "retain");
    EntropyMia attack = EntropyMia.fit(retain, Inputs.rows(c, "test", retain));
    return Map.of(
        "mia", HostTensor.scalar((float) attack.percent(Inputs.rows(c, "forget", retain))),
        "coef", HostTensor.of(new float[] {(float) attack.weight(), (float) attack.bias()}, 2));
  }
}
