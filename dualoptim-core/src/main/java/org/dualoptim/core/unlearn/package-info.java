/**
 * What unlearning is: a plan (schedule and one part per objective), the loop that runs every plan
 * with two optimizers or one, and what a run remembers and tells. Depends on {@code optim}, {@code
 * data} and {@code tensor}; the parity kinds also on {@code parity} and {@code io}.
 */
package org.dualoptim.core.unlearn;
