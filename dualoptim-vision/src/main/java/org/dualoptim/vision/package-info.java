/** The vision domain: its Guice module, its main class, and how a recipe becomes a trial and a trial a table. */
package org.dualoptim.vision;
