/**
 * Unlearning methods for classifiers, one record each, and what they plan with: the network, the
 * forget and the retain set. Depends on core and, for predictions, on the metrics.
 */
package org.dualoptim.vision.method;
