/**
 * How gradients become updates: optimizers with torch's semantics, the objectives a step can serve,
 * the unlearning optimizers that decide which state an objective's gradient meets, and
 * learning-rate schedules. Rules are records, memory is an {@code OptimizerState}. Depends on
 * {@code tensor} and on {@code io} for saved states; the parity kinds also on {@code parity} and
 * {@code recipe}.
 */
package org.dualoptim.core.optim;
