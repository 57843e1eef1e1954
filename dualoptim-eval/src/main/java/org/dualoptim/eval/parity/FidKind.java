package org.dualoptim.eval.parity;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.eval.metric.Fid;

/**
 * The kind {@code fid}: {@code fid} [], the {@link Fid} between features {@code a} and {@code b}.
 */
final class FidKind implements ParityKind {

  @Override
  public String id() {
    return "fid";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    float[][] a = Inputs.rows(c, "a");
    return Map.of("fid", HostTensor.scalar((float) Fid.between(a, Inputs.rows(c, "b", a))));
  }
}
