/**
 * Labelled images in host memory: where they come from ({@link
 * org.dualoptim.core.image.ImageSource}), how they are divided into pretraining, forget, retain and
 * test sets ({@link org.dualoptim.core.image.Splits}), and how they become batches ({@link
 * org.dualoptim.core.image.ImageSamples}). Classifiers and generators of images share them. All but
 * the last is plain Java without an engine.
 */
package org.dualoptim.core.image;
