package org.dualoptim.core.cli;

import org.slf4j.event.Level;

/**
 * Sets how much the logging backend lets through. slf4j has no such call and only the mains carry a
 * backend, so each main passes its own to {@link CommandSetup}.
 */
@FunctionalInterface
public interface LogLevel {
  /** Lets through the project's own messages at this level and above. */
  void set(Level level);
}
