package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.dualoptim.core.CoreModule;
import org.dualoptim.core.parity.ParityResult;
import org.dualoptim.core.parity.ParityRunner;
import org.junit.jupiter.api.Test;

/**
 * Recomputes the trajectories that {@code golden/optim/trajectories.py} wrote from the formulas.
 */
class GoldenTrajectoriesTest {

  @Test
  void everyTableFollowsItsFormula() throws URISyntaxException {
    Path folder = Path.of(GoldenTrajectoriesTest.class.getResource("/golden/optim").toURI());
    ParityRunner runner = Guice.createInjector(new CoreModule()).getInstance(ParityRunner.class);

    List<ParityResult> results = runner.run(List.of(folder), Set.of(), result -> {});

    assertThat(results)
        .hasSize(20)
        .allSatisfy(result -> assertThat(result.reason()).as(result.name()).isEmpty());
  }
}
