/**
 * The vision domain: its Guice module, its main class, how a recipe becomes a trial and a trial a
 * table, and {@link org.dualoptim.vision.Unlearning}, the front door for a model of one's own.
 */
package org.dualoptim.vision;
