package org.dualoptim.core.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;

/**
 * The kind {@code split}: {@code indices} [k], drawn by {@link NumpyRandom#choice(int, int)} from
 * config {@code n}, {@code k}, {@code seed}.
 */
public final class SplitKind implements ParityKind {
  /**
   * Far beyond any data set: a case that asks for more is a mistake and must not exhaust the
   * memory.
   */
  private static final long LARGEST_SET = 100_000_000;

  @Override
  public String id() {
    return "split";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    int n = (int) integer(c, "n", 0, LARGEST_SET);
    int k = (int) integer(c, "k", 0, n);
    int[] chosen = new NumpyRandom(integer(c, "seed", 0, 0xffffffffL)).choice(n, k);
    return Map.of("indices", HostTensor.of(Arrays.stream(chosen).asLongStream().toArray(), k));
  }

  /** A required integer of the config. */
  static long integer(ParityCase c, String key, long least, long most) {
    JsonNode value = c.config().path(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw new ParityException(
          "case "
              + c.name()
              + ": config '"
              + key
              + "' must be an integer from "
              + least
              + " to "
              + most
              + ", got "
              + (value.isMissingNode() ? "nothing" : value));
    }
    return value.longValue();
  }
}
