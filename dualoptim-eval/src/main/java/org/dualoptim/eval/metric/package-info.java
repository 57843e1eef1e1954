/**
 * Numbers from predictions: plain arrays in, a number out. Knows no model, no file and no device;
 * depends on commons-math3 and libsvm only.
 */
package org.dualoptim.eval.metric;
