package org.dualoptim.core.run;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Data or weights that a run needs are not where they are looked for; commands end with exit code
 * 3.
 */
public class DataMissingException extends RuntimeException {
  private final transient Path expected;
  private final String howToGet;

  /**
   * The sentence becomes {@code no data at EXPECTED; HOW_TO_GET}.
   *
   * @param expected the file or folder that was looked for
   * @param howToGet what to do, as the second half of a sentence: {@code download ... and unpack it
   *     there}
   */
  public DataMissingException(Path expected, String howToGet) {
    super(
        "no data at "
            + Objects.requireNonNull(expected, "expected")
            + "; "
            + Objects.requireNonNull(howToGet, "howToGet"));
    this.expected = expected;
    this.howToGet = howToGet;
  }

  /** The file or folder that was looked for; null only after Java serialisation. */
  public Path expected() {
    return expected;
  }

  /** What to do about it. */
  public String howToGet() {
    return howToGet;
  }
}
