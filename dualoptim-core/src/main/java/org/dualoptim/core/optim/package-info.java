/**
 * How gradients become updates: optimizers with torch's semantics, the unlearning optimizers that
 * decide which state an objective's gradient meets, and learning-rate schedules. Rules are records,
 * memory is an {@code OptimizerState}. Depends on {@code tensor}, on {@code io} for saved states
 * and on the {@code Objective} of {@code unlearn}; the parity kinds also on {@code parity} and
 * {@code run.Tables}.
 */
package org.dualoptim.core.optim;
