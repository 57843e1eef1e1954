/**
 * The {@code dualoptim} program: its main, which wires every domain into one command line. May
 * depend on everything; nothing depends on it.
 */
package org.dualoptim.bench;
