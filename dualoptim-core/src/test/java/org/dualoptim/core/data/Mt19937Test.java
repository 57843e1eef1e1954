package org.dualoptim.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Mt19937Test {

  // NumPy 1.24.2: RandomState(seed).randint(0, 2**32, size=2, dtype=np.uint32)
  @ParameterizedTest
  @CsvSource({
    "0, 2357136044, 2546248239",
    "1, 1791095845, 4282876139",
    "5, 953453411, 236996814",
    "2147483648, 652847386, 1439962116",
    "4294967295, 419326371, 479346978"
  })
  void firstWordsMatchNumpy(long seed, long first, long second) {
    Mt19937 words = new Mt19937(seed);
    assertThat(words.nextWord()).isEqualTo(first);
    assertThat(words.nextWord()).isEqualTo(second);
  }

  // PyTorch's CPU generator: torch.manual_seed(2**32 + 1) starts as torch.manual_seed(1)
  @ParameterizedTest
  @CsvSource({"4294967297, 1", "-1, 4294967295"})
  void onlyTheLow32BitsOfASeedCount(long wide, long narrow) {
    assertThat(new Mt19937(wide).nextWord()).isEqualTo(new Mt19937(narrow).nextWord());
  }

  // M. Matsumoto's generator, as pinned by the C++ standard (rand.predef): the 10000th word of seed 5489
  @ParameterizedTest
  @CsvSource("5489, 9999, 4123659995")
  void wordsAreRightFarBeyondTheFirstTwist(long seed, int skipped, long expected) {
    Mt19937 words = new Mt19937(seed);
    for (int i = 0; i < skipped; i++) {
      words.nextWord();
    }
    assertThat(words.nextWord()).isEqualTo(expected);
  }
}
