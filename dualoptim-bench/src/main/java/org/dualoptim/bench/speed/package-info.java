/**
 * How long a step takes: the {@code speed} command and the work it measures, made of the same
 * recipes, networks and loop as a trial. May depend on every domain; nothing but the program
 * depends on it.
 */
package org.dualoptim.bench.speed;
