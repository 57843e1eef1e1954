/**
 * A run from recipe to recorded result: recipes, trials, their folders and provenance, how far a
 * run is, and the four ways it can end other than well. What is thrown here carries one sentence
 * for a person; {@code core.cli} turns it into an exit code. Depends on {@code unlearn}, {@code
 * tensor}, {@code io} and Jackson, never on {@code core.cli}.
 */
package org.dualoptim.core.run;
