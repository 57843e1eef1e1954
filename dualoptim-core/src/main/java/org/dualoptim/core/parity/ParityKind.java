package org.dualoptim.core.parity;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;

/**
 * A computation that parity cases can state. Modules contribute theirs to a Guice {@code
 * MapBinder<String, ParityKind>} by {@link #id}.
 */
public interface ParityKind {

  /** The {@code kind} of the cases it recomputes, such as {@code newton-schulz}. */
  String id();

  /**
   * Computes the outputs of a case.
   *
   * @param c inputs, weights and config; the kind makes and closes its own engine manager
   * @return at least the outputs that {@link ParityCase#wanted} names, by name without {@code
   *     out/}; others are ignored
   * @throws ParityException if the case lacks something or asks for something unknown
   * @throws Exception anything else that goes wrong; the case fails with its message
   */
  Map<String, HostTensor> compute(ParityCase c) throws Exception;
}
