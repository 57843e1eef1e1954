/**
 * Wiring of the evaluation module; the numbers are in {@code metric}, what trials say together in
 * {@code stats}.
 */
package org.dualoptim.eval;
