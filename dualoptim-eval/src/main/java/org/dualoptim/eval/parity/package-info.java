/**
 * The parity kinds of the evaluation: each reads a case's tensors and asks the metric that users
 * call. Depends on {@code eval.metric}, {@code eval.stats} and {@code core.parity}.
 */
package org.dualoptim.eval.parity;
