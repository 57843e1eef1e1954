package org.dualoptim.core.run;

/**
 * One number about a model, with what a reader needs to understand it.
 *
 * @param id the metric's id, as in results
 * @param label the metric's name in tables
 * @param unit its unit, empty for none
 * @param value the number
 * @param meaning what it says and what it should come close to
 */
public record Measurement(String id, String label, String unit, double value, String meaning) {}
