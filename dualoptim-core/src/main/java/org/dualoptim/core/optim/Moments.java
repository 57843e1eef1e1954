package org.dualoptim.core.optim;

import ai.djl.ndarray.NDManager;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.TorchOps;

/** The state of Adam and its kin, under torch's names: the moving means of gradients and of squared gradients, and the steps taken. */
final class Moments {
  static final String M = "exp_avg";
  static final String V = "exp_avg_sq";
  static final String T = "t";

  private Moments() {}

  static OptimizerState zero(Parameters parameters, NDManager owner) {
    return new OptimizerState(parameters)
        .slot(M, TorchOps.zerosLike(owner, parameters.arrays()))
        .slot(V, TorchOps.zerosLike(owner, parameters.arrays()))
        .counter(T);
  }
}
