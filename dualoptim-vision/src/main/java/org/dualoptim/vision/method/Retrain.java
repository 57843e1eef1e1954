package org.dualoptim.vision.method;

/**
 * RT: the steps of {@link FineTune} from fresh weights, which gives the model that never saw the
 * forget set and that every gap is measured against.
 */
public record Retrain() implements FromFreshWeights {}
