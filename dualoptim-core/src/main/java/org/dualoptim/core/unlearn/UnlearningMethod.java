package org.dualoptim.core.unlearn;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

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
}
