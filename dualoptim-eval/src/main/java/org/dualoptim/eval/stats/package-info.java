/**
 * What several trials say together: means and spreads, the average gap to retraining, and a
 * diagnosis in words, with the keys of a recipe to turn. Depends on {@code eval.metric} for what a
 * number means.
 */
package org.dualoptim.eval.stats;
