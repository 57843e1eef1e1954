package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.unlearn.DivergedException;
import org.junit.jupiter.api.Test;

class RunEndingsTest {

  @Test
  void missingDataSaysWhereItBelongsAndHowToGetIt() {
    var e =
        new DataMissingException(Path.of("data", "cifar-10"), "unpack the binary version there");
    assertThat(e)
        .hasMessage(
            "no data at " + Path.of("data", "cifar-10") + "; unpack the binary version there");
    assertThat(e.expected()).isEqualTo(Path.of("data", "cifar-10"));
    assertThat(e.howToGet()).isEqualTo("unpack the binary version there");
  }

  @Test
  void divergenceNamesStepObjectiveQuantityAndValue() {
    var e = new DivergedException(12, "forget", "gradient norm", Double.NaN);
    assertThat(e).hasMessage("diverged at step 12 (forget): gradient norm is NaN");
    assertThat(e.step()).isEqualTo(12);
    assertThat(e.objective()).isEqualTo("forget");
    assertThat(e.what()).isEqualTo("gradient norm");
    assertThat(e.value()).isNaN();
    assertThat(new DivergedException(3, "retain", "loss", Double.POSITIVE_INFINITY))
        .hasMessage("diverged at step 3 (retain): loss is infinite");
  }

  @Test
  void interruptionSaysHowToGoOnOnlyIfThatIsPossible() {
    var kept = new InterruptedRunException(40, Path.of("runs", "last.safetensors"));
    assertThat(kept).hasMessageContaining("after 40 steps").hasMessageContaining("--resume");
    assertThat(kept.checkpoint()).contains(Path.of("runs", "last.safetensors"));
    var lost = new InterruptedRunException(40);
    assertThat(lost.checkpoint()).isEmpty();
    assertThat(lost.getMessage()).doesNotContain("--resume");
    assertThat(lost.steps()).isEqualTo(40);
  }

  @Test
  void recipeErrorsKeepTheirCause() {
    var cause = new IllegalArgumentException("ratio must be in (0, 1], got 2");
    assertThat(new RecipeException("a.toml: method.ratio must be in (0, 1], got 2", cause))
        .hasCause(cause);
  }
}
