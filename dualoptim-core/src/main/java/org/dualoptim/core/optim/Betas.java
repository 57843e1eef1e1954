package org.dualoptim.core.optim;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.dualoptim.core.recipe.Check;

/**
 * Decay rates of the first and second moment, written {@code betas = [0.9, 0.999]}.
 *
 * @param first of the moving mean of gradients, in [0, 1)
 * @param second of the moving mean of squared gradients (Lion: of the momentum), in [0, 1)
 */
public record Betas(double first, double second) {

  public Betas {
    Check.unit("betas[0]", first);
    Check.unit("betas[1]", second);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Betas of(List<Double> values) {
    if (values.size() != 2) {
      throw new IllegalArgumentException("betas must be two numbers, got " + values);
    }
    return new Betas(values.get(0), values.get(1));
  }

  @JsonValue
  List<Double> values() {
    return List.of(first, second);
  }
}
