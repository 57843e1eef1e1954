package org.dualoptim.core.unlearn;

import org.dualoptim.core.optim.Objective;

/**
 * Where a run stands when a loss is computed: everything a loss may depend on besides its batch and
 * the weights.
 *
 * @param step index into the schedule, from 0
 * @param objective whose step it is
 * @param pass which pass over this objective's batches, from 0
 * @param index which batch of that pass, from 0
 * @param time the plan's clock (retain iteration, update or epoch)
 * @param length the run's length on that clock, for coefficients with a course of their own, which
 *     learning rates do not share
 * @param factor what the learning-rate schedule multiplies rates by at this time; coefficients that
 *     follow the schedule use it too
 */
public record Moment(
    int step,
    Objective objective,
    int pass,
    int index,
    double time,
    double length,
    double factor) {}
