package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.dualoptim.core.recipe.RecipeException;
import org.dualoptim.core.run.DataMissingException;
import org.dualoptim.core.run.InterruptedRunException;
import org.dualoptim.core.unlearn.DivergedException;
import org.dualoptim.core.unlearn.NotFiniteException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

  @Test
  void codesAreTheDocumentedOnes() {
    assertThat(ExitCode.helpList().keySet()).containsExactly("0", "1", "2", "3", "4", "130");
    assertThat(ExitCode.helpList().values()).noneMatch(String::isBlank);
  }

  @Test
  void eachEndingHasItsCode() {
    assertThat(ExitCode.of(new RecipeException("r"))).isEqualTo(ExitCode.USAGE);
    assertThat(ExitCode.of(new DataMissingException(Path.of("d"), "get it")))
        .isEqualTo(ExitCode.DATA_MISSING);
    assertThat(ExitCode.of(new NotFiniteException("the largest logit of row 0", Double.NaN)))
        .isEqualTo(ExitCode.DIVERGED);
    assertThat(ExitCode.of(new DivergedException(0, "joint", "loss", Double.NaN)))
        .isEqualTo(ExitCode.DIVERGED);
    assertThat(ExitCode.of(new InterruptedRunException(1))).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(ExitCode.of(new InterruptedException())).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(ExitCode.of(new IOException("x"))).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void wrappersDoNotHideTheCode() {
    var wrapped = new CompletionException(new RuntimeException(new RecipeException("r")));
    assertThat(ExitCode.of(wrapped)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aCauseChainThatBitesItsTailEnds() {
    var a = new RuntimeException("a");
    var b = new RuntimeException("b", a);
    a.initCause(b);
    assertThat(ExitCode.of(a)).isEqualTo(ExitCode.FAILED);
  }
}
