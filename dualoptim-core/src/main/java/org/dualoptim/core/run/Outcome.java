package org.dualoptim.core.run;

import java.util.Map;

/**
 * What a domain says of a trial it ran.
 *
 * @param metrics values by metric id, in the metrics' units
 * @param facts anything else worth keeping: sample counts, mask density, effective batch
 * @param steps how many steps the loop ran
 * @param trainSeconds wall time of prepare phase and loop, evaluations left out
 */
public record Outcome(
    Map<String, Double> metrics, Map<String, Object> facts, int steps, double trainSeconds) {}
