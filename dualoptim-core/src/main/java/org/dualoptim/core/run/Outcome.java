package org.dualoptim.core.run;

import java.util.Map;
import org.dualoptim.core.unlearn.DivergedException;

/**
 * What a domain says of a trial it ran.
 *
 * @param metrics values by metric id, in the metrics' units; empty if it diverged
 * @param facts anything else worth keeping: sample counts, effective batch, what optimizers counted
 * @param steps how many steps the loop ran
 * @param trainSeconds wall time of prepare phase and loop, evaluations left out
 * @param diverged what stopped being finite, or null
 */
public record Outcome(
    Map<String, Double> metrics,
    Map<String, Object> facts,
    int steps,
    double trainSeconds,
    DivergedException diverged) {}
