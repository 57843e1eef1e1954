/**
 * What every command shares: exit codes, the options each of them has, progress, and how an
 * exception becomes one sentence on stderr. Commands themselves live beside their {@code main}.
 * Depends on picocli, progressbar and slf4j; of the rest of the project only on the exceptions in
 * {@code core.run}. Nothing outside a command may use this package: results go to stdout by the
 * command, and this package alone writes to stderr.
 */
package org.dualoptim.core.cli;
