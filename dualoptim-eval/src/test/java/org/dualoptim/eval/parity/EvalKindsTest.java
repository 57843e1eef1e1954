package org.dualoptim.eval.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.parity.ParityResult;
import org.dualoptim.core.parity.ParityRunner;
import org.dualoptim.eval.EvalModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden cases are scikit-learn's, NLTK's and NumPy's answers: see golden/eval_cases.py. */
class EvalKindsTest {
  private final Map<String, ParityKind> kinds =
      Guice.createInjector(new EvalModule())
          .getInstance(Key.get(new TypeLiteral<Map<String, ParityKind>>() {}));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mia-entropy",
        "mia-svc-correctness",
        "mia-svc-confidence",
        "mia-svc-entropy",
        "mia-svc-m-entropy",
        "mia-svc-prob",
        "fid-full-rank",
        "fid-fewer-samples-than-features",
        "gap",
        "rouge"
      })
  void theReferencesAnswerIsReproduced(String name) throws URISyntaxException {
    List<ParityResult> results = run(name);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).reason()).isEmpty();
    assertThat(results.get(0).passed()).isTrue();
  }

  @Test
  void theModuleBindsEveryKindUnderItsOwnId() {
    assertThat(kinds).containsOnlyKeys("mia-entropy", "mia-svc", "fid", "gap", "rouge");
    kinds.forEach((id, kind) -> assertThat(kind.id()).isEqualTo(id));
  }

  private List<ParityResult> run(String name) throws URISyntaxException {
    URL file = EvalKindsTest.class.getResource("/golden/" + name + ".safetensors");
    return new ParityRunner(kinds).run(List.of(Path.of(file.toURI())), Set.of(), result -> {});
  }
}
