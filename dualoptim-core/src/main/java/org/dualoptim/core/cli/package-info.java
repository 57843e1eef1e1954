/**
 * What every command shares: exit codes, the options each of them has, the progress bar, how an
 * exception becomes one sentence on stderr, and the two commands that need nothing but domains.
 * Depends on picocli, progressbar, slf4j and the exceptions of DJL; of the rest of the project only
 * on {@code core.run}. Nothing outside a command may use this package: results go to stdout by the
 * command, and this package alone writes to stderr.
 */
package org.dualoptim.core.cli;
