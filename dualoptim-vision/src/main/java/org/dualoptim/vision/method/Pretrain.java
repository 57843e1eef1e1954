package org.dualoptim.vision.method;

/**
 * Trains the model that is later to forget: the steps of {@link FineTune} from fresh weights on the
 * pretraining set, forget set included.
 */
public record Pretrain() implements FromFreshWeights {}
