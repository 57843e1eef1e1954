/**
 * Numbers from predictions: plain arrays in, a number out. Knows no model, no file and no device;
 * depends on libsvm and, for the linear algebra of the Frechet distance, on the op library of
 * {@code org.dualoptim.core.tensor}.
 */
package org.dualoptim.eval.metric;
