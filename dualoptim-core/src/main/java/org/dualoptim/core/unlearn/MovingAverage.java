package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import org.dualoptim.core.recipe.Check;
import org.dualoptim.core.tensor.TorchOps;

/**
 * An exponential moving average of the trained parameters: {@code s = decay * s + (1 - decay) * w}
 * after every step, from {@code s = w} before the first. It is kept with the run's state, so a
 * resumed run goes on with it.
 *
 * <p>Source: DDPM's training (arXiv 2006.11239), decay 0.9999.
 *
 * @param decay in [0, 1]
 */
public record MovingAverage(double decay) implements StepListener {
  private static final String NAME = "moving_average_";

  public MovingAverage {
    Check.between("decay", 0, 1, decay);
  }

  /** The average so far, one array per trained parameter; the state owns it. */
  public NDList of(LoopState state) {
    return state.kept(NAME + decay);
  }

  @Override
  public void before(LoopState state, int steps) {
    if (of(state) == null) {
      NDList weights = state.parameters().trainable().arrays();
      state.keep(NAME + decay, TorchOps.clone(weights.getManager(), weights));
    }
  }

  @Override
  public void after(StepRecord record, LoopState state, int steps) {
    NDList average = of(state);
    TorchOps.scale(average, decay);
    TorchOps.add(average, state.parameters().trainable().arrays(), 1 - decay);
  }
}
