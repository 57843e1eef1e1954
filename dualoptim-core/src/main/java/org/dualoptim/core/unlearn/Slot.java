package org.dualoptim.core.unlearn;

import org.dualoptim.core.optim.Objective;

/**
 * One step of a schedule.
 *
 * @param objective whose step it is
 * @param occurrence how many steps of this objective came before it: which of the part's batches it
 *     reads
 * @param time the clock that learning rates and cosine factors read
 */
public record Slot(Objective objective, int occurrence, double time) {}
