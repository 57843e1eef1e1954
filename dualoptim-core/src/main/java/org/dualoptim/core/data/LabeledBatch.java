package org.dualoptim.core.data;

import ai.djl.ndarray.NDArray;

/**
 * Samples with their labels.
 *
 * @param inputs [B,...] what the network reads
 * @param labels [B] int64 class indices
 */
public record LabeledBatch(NDArray inputs, NDArray labels) {}
