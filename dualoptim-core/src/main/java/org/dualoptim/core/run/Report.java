package org.dualoptim.core.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** What a person wants to see of finished trials; made by their {@link Domain}. */
public interface Report {

  /**
   * The main table as text.
   *
   * @param columns how many it may take, if it is for a terminal
   */
  String table(OptionalInt columns);

  /** Writes tables and plots into a folder, which is made if need be. */
  void write(Path folder) throws IOException;
}
