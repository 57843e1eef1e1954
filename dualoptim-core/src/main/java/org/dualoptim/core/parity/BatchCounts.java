package org.dualoptim.core.parity;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;

/**
 * Torch's batch normalisation counts the batches it has seen in training, {@code
 * num_batches_tracked}; nothing computes with it, so no network here keeps it.
 */
public final class BatchCounts {
  private static final String NAME = ".num_batches_tracked";

  private BatchCounts() {}

  /**
   * Puts the counts that a case asks for beside its other outputs.
   *
   * @param prefix of the outputs that are named for weights
   * @param forwards how often the network ran in training mode
   */
  public static void put(
      ParityCase c, String prefix, long forwards, Map<String, HostTensor> outputs) {
    for (String name : c.wanted()) {
      if (name.startsWith(prefix) && name.endsWith(NAME)) {
        HostTensor before = c.weights().get(name.substring(prefix.length()));
        long seen = (before == null ? 0 : before.longs()[0]) + forwards;
        outputs.put(name, HostTensor.of(new long[] {seen}));
      }
    }
  }
}
