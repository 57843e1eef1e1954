package org.dualoptim.core.unlearn;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Set;
import org.dualoptim.core.optim.Objective;

/**
 * A method is a record: its components are its hyperparameters, the recipe's {@code [method]}
 * table; {@link #plan} is its algorithm.
 *
 * @param <S> the domain's session: model, data and draws
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface UnlearningMethod<S> {

  /**
   * The prepare phase, run at the starting weights: computes what the method needs (masks, a
   * teacher, reference values) and says what each step does. Deterministic: planning again at the
   * same weights gives the same plan, which is how a run resumes.
   */
  Plan plan(S session);

  /**
   * The objectives that its plan has parts for: known before anything is computed, so that a
   * schedule or an optimizer that does not fit is refused at once.
   */
  default Set<Objective> objectives() {
    return Set.of(Objective.FORGET, Objective.RETAIN);
  }
}
