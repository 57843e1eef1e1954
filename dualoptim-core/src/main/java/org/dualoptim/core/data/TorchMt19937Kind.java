package org.dualoptim.core.data;

import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
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
    Mt19937 generator = new Mt19937(SplitKind.integer(c, "seed", Long.MIN_VALUE, Long.MAX_VALUE));
    long[] words = new long[(int) SplitKind.integer(c, "count", 0, MOST_WORDS)];
    for (int i = 0; i < words.length; i++) {
      words[i] = generator.nextWord();
    }
    return Map.of("words", HostTensor.of(words, words.length));
  }
}
