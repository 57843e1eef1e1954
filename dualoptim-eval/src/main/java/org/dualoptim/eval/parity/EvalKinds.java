package org.dualoptim.eval.parity;

import java.util.List;
import org.dualoptim.core.parity.ParityKind;

/** What this module can recompute of recorded cases. */
public final class EvalKinds {
  private EvalKinds() {}

  /** All kinds of the evaluation. */
  public static List<ParityKind> all() {
    return List.of(
        new EntropyMiaKind(), new SvcMiaKind(), new FidKind(), new GapKind(), new RougeKind());
  }
}
