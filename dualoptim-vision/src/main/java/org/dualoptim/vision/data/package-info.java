/**
 * Labelled images in host memory: where they come from ({@link
 * org.dualoptim.vision.data.ImageSource}), how they are divided into pretraining, forget, retain
 * and test sets ({@link org.dualoptim.vision.data.Splits}), and how they become batches ({@link
 * org.dualoptim.vision.data.BatchAssembler}). Plain Java without an engine: depends on {@code
 * core.data}, on the exceptions of {@code core.run} and on Jackson's annotations.
 */
package org.dualoptim.vision.data;
