package org.dualoptim.core.unlearn;

import org.dualoptim.core.optim.Objective;

/**
 * What one step did.
 *
 * @param step index into the schedule, from 0
 * @param objective whose step it was
 * @param time the plan's clock
 * @param lrFactor what every learning rate was multiplied by
 * @param loss the scalar that was differentiated, signs and coefficients included
 * @param gradientNorm 2-norm of the whole gradient as it left the loss, before any transform
 * @param appliedNorm the same as the optimizer received it, after every transform
 * @param cosine cosine between this gradient and the last FORGET gradient, both as the optimizer
 *     received them; NaN except at the last step of a RETAIN block, and where not asked for
 * @param updateNorm 2-norm of the change of the trained parameters; NaN where not asked for
 * @param millis wall time of the step
 */
public record StepRecord(
    int step,
    Objective objective,
    double time,
    double lrFactor,
    double loss,
    double gradientNorm,
    double appliedNorm,
    double cosine,
    double updateNorm,
    double millis) {}
