/**
 * A run from recipe to recorded result: trials, their folders and provenance, checkpoints, how far
 * a run is, and the ways it can end other than well. What is thrown here carries one sentence for a
 * person; {@code core.cli} turns it into an exit code. Depends on {@code recipe}, {@code unlearn},
 * {@code tensor}, {@code io} and Jackson, never on {@code core.cli}.
 */
package org.dualoptim.core.run;
