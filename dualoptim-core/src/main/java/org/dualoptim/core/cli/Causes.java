package org.dualoptim.core.cli;

import java.util.ArrayList;
import java.util.List;

/** The cause chain of an exception, outermost first; a chain that bites its tail ends there. */
public final class Causes {
  private Causes() {}

  static List<Throwable> of(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /** The innermost cause; the exception itself if it has none. */
  public static Throwable root(Throwable thrown) {
    List<Throwable> chain = of(thrown);
    return chain.get(chain.size() - 1);
  }
}
