/**
 * The subcommands of {@code dualoptim} that belong to no single domain, one class each. They print
 * results through picocli's writers and leave errors, exit codes and logging to {@link
 * org.dualoptim.core.cli}; Guice makes them.
 */
package org.dualoptim.bench.cli;
