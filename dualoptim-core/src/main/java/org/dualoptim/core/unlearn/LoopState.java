package org.dualoptim.core.unlearn;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.dualoptim.core.optim.OptimizerState;
import org.dualoptim.core.optim.UnlearningOptimizer;
import org.dualoptim.core.tensor.Parameters;

/**
 * Everything a run remembers between two steps: weights, optimizer state, the cursor, and the last
 * forget gradient for telemetry. Saving and loading it resumes the run exactly.
 */
public final class LoopState implements AutoCloseable {
  private final NDManager owner;
  private final Parameters parameters;
  private final OptimizerState optimizer;
  private NDList forgetGradient;
  private int cursor;

  private LoopState(NDManager owner, Parameters parameters, OptimizerState optimizer) {
    this.owner = owner;
    this.parameters = parameters;
    this.optimizer = optimizer;
  }

  /**
   * The state before the first step.
   *
   * @param parameters all arrays that a forward pass reads, buffers and frozen ones included, so
   *     that what a step computes from them is freed with it; the trained ones require gradients
   * @param parent the states' arrays live until this state is closed, or the parent manager
   */
  public static LoopState start(
      Parameters parameters, UnlearningOptimizer optimizer, NDManager parent) {
    NDManager owner = parent.newSubManager();
    return new LoopState(owner, parameters, optimizer.init(parameters.trainable(), owner));
  }

  /** All arrays of the model, buffers and frozen ones included. */
  public Parameters parameters() {
    return parameters;
  }

  public OptimizerState optimizer() {
    return optimizer;
  }

  /** The next step. */
  public int cursor() {
    return cursor;
  }

  public void cursor(int next) {
    this.cursor = next;
  }

  /**
   * The last FORGET gradient as the optimizer received it, or null before the first; kept only
   * where cosines are asked for.
   */
  public NDList forgetGradient() {
    return forgetGradient;
  }

  /** Replaces the kept forget gradient by arrays this state then owns. */
  public void forgetGradient(NDList gradient) {
    if (forgetGradient != null) {
      forgetGradient.close();
    }
    gradient.attach(owner);
    forgetGradient = gradient;
  }

  @Override
  public void close() {
    owner.close();
  }
}
