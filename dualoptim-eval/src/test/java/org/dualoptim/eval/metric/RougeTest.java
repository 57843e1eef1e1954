package org.dualoptim.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RougeTest {

  // NLTK 3.8's PorterStemmer: see golden/eval_cases.py
  @Test
  void stemsAreNltks() throws IOException {
    List<String> lines;
    try (BufferedReader golden =
        new BufferedReader(
            new InputStreamReader(
                RougeTest.class.getResourceAsStream("/golden/stems.tsv"),
                StandardCharsets.UTF_8))) {
      lines = golden.lines().toList();
    }
    assertThat(lines).hasSizeGreaterThan(500);
    assertThat(
            lines.stream()
                .map(line -> line.split("\t")[0])
                .map(word -> word + "\t" + PorterStemmer.stem(word)))
        .containsExactlyElementsOf(lines);
  }

  @Test
  void wordsOfUpToThreeLettersAreNotStemmed() {
    assertThat(Rouge.words("His bus was late; buses"))
        .containsExactly("his", "bus", "was", "late", "buse");
  }

  // 3 of 4 words occur, 2 of them in order
  @Test
  void orderCountsForRougeLOnly() {
    Rouge rouge = Rouge.of("one two six ten", "two one zip ten");
    assertThat(rouge.rouge1Recall()).isCloseTo(0.75, within(1e-12));
    assertThat(rouge.rougeLRecall()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void aWordThatIsSaidOnceCountsOnce() {
    assertThat(Rouge.of("go go go go", "go").rouge1Recall()).isEqualTo(0.25);
  }

  @Test
  void textsWithoutWordsScoreZero() {
    assertThat(Rouge.of("", "word")).isEqualTo(new Rouge(0, 0));
    assertThat(Rouge.of("word", "?!")).isEqualTo(new Rouge(0, 0));
    assertThat(Rouge.of("", "")).isEqualTo(new Rouge(0, 0));
  }
}
