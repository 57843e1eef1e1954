package org.dualoptim.core.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.dualoptim.core.recipe.Recipes;

/** Brings the trials of one toy recipe up to date in a process of its own: {@code ROOT RECIPE}. */
final class ToyMain {
  private ToyMain() {}

  public static void main(String[] args) {
    TrialEngine engine =
        new TrialEngine(
            new Recipes(Map.of()),
            Map.of("toy", new ToyDomain()),
            new TrialStore(Path.of(args[0])),
            new TrialEngine.Options(null, true, false, 1, Duration.ZERO),
            Progress.none(),
            () -> false);
    engine.bringUpToDate(engine.trials(args[1]));
  }
}
