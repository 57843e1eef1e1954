package org.dualoptim.core.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;

/**
 * The kind {@code torch-mt19937}: {@code words} [count], the first words of {@link Mt19937} for
 * config {@code seed} and {@code count}.
 */
public final class TorchMt19937Kind implements ParityKind {
  private static final long MOST_WORDS = 10_000_000;

  @Override
  public String id() {
    return "torch-mt19937";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    Mt19937 generator = new Mt19937(seed(c));
    long[] words = new long[(int) SplitKind.integer(c, "count", 0, MOST_WORDS)];
    for (int i = 0; i < words.length; i++) {
      words[i] = generator.nextWord();
    }
    return Map.of("words", HostTensor.of(words, words.length));
  }

  /** A seed as torch.manual_seed takes it, up to 2^64 - 1; the generator sees its low 32 bits. */
  private static long seed(ParityCase c) {
    JsonNode seed = c.config().path("seed");
    if (!seed.isIntegralNumber() || seed.bigIntegerValue().bitLength() > Long.SIZE) {
      throw new ParityException(
          "case "
              + c.name()
              + ": config 'seed' must be an integer of at most 64 bits, got "
              + (seed.isMissingNode() ? "nothing" : seed));
    }
    return seed.bigIntegerValue().longValue();
  }
}
