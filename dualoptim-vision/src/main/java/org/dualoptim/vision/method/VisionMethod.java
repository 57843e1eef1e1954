package org.dualoptim.vision.method;

import org.dualoptim.core.unlearn.UnlearningMethod;

/** A method for classifiers. */
public interface VisionMethod extends UnlearningMethod<VisionSession> {}
