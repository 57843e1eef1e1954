package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.unlearn.Mask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What decoupling means, as equalities. */
class DualLawsTest {
  private static final Betas BETAS = new Betas(0.9, 0.999);
  private static final AdamW ADAMW = new AdamW(0.01, BETAS, 1e-8, 0.05, null);
  private static final AdamW ADAMW_RETAIN = new AdamW(0.02, BETAS, 1e-8, 0.05, null);
  private static final Sgd SGD = new Sgd(0.1, 0.9, 0, null);
  private static final List<Objective> ALTERNATING =
      List.of(
          Objective.FORGET,
          Objective.RETAIN,
          Objective.RETAIN,
          Objective.FORGET,
          Objective.RETAIN,
          Objective.FORGET);
  private static final List<Objective> FORGET_ONLY =
      List.of(Objective.FORGET, Objective.FORGET, Objective.FORGET);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.detached(manager);
  }

  @AfterEach
  void close() {
    scope.close();
    manager.close();
  }

  @Test
  void aForgetStepLeavesTheRetainStateAsItWas() {
    Dual dual = new Dual(ADAMW, new AdamW8bit(0.01, BETAS, 1e-8, 0.05, 16, 20));
    Parameters parameters = OptimizerTables.parameters(manager);
    OptimizerState state = dual.init(parameters, manager);
    dual.step(Objective.RETAIN, parameters, OptimizerTables.arrays(manager, 5), state, 1);
    Map<String, HostTensor> before = state.part("retain").save();
    Map<String, HostTensor> forgetBefore = state.part("forget").save();

    dual.step(Objective.FORGET, parameters, OptimizerTables.arrays(manager, 6), state, 1);

    assertThat(state.part("retain").save()).isEqualTo(before);
    assertThat(state.part("forget").save()).isNotEqualTo(forgetBefore);
  }

  @Test
  void dualWithoutRetainStepsIsTheForgetOptimizerAlone() {
    assertThat(run(new Dual(ADAMW, SGD), FORGET_ONLY))
        .usingRecursiveComparison()
        .isEqualTo(run(new Shared(ADAMW, null, null), FORGET_ONLY));
  }

  @Test
  void decouplingBothMomentsIsTwoAdamWs() {
    assertThat(run(decoupled(true, DecoupledAdamW.Semantics.EXACT), ALTERNATING))
        .usingRecursiveComparison()
        .isEqualTo(run(new Dual(ADAMW, ADAMW_RETAIN), ALTERNATING));
  }

  @Test
  void decouplingNoMomentIsOneAdamWWithTwoRates() {
    Shared one = new Shared(ADAMW, 0.01, 0.02);
    for (DecoupledAdamW.Semantics semantics : DecoupledAdamW.Semantics.values()) {
      assertThat(run(decoupled(false, semantics), ALTERNATING))
          .usingRecursiveComparison()
          .isEqualTo(run(one, ALTERNATING));
    }
  }

  @Test
  void aMaskedWeightStandsStillUnderDualButMayMoveUnderShared() {
    Adam still = new Adam(0.01, BETAS, 1e-8, 0);
    assertThat(movedWhileMasked(new Dual(still, still))).isZero();
    assertThat(movedWhileMasked(new Shared(still, null, null))).isGreaterThan(1e-3f);
  }

  @Test
  void aJointStepNeedsASharedOptimizer() {
    assertThatThrownBy(() -> run(new Dual(ADAMW, SGD), List.of(Objective.JOINT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a JOINT step mixes both objectives in one gradient and needs optimizer.kind = \"shared\"");
    assertThat(run(new Shared(ADAMW, null, null), List.of(Objective.JOINT))).isNotEmpty();
  }

  /**
   * How far a FORGET step moves the first weight, which its mask covers, after a RETAIN step that
   * was not masked.
   */
  private float movedWhileMasked(UnlearningOptimizer optimizer) {
    Parameters parameters = OptimizerTables.parameters(manager);
    OptimizerState state = optimizer.init(parameters, manager);
    optimizer.step(Objective.RETAIN, parameters, OptimizerTables.arrays(manager, 7), state, 1);
    float before = parameters.arrays().get(0).getFloat(0, 0);
    NDList gradients = OptimizerTables.arrays(manager, 8);
    NDList masks =
        new NDList(gradients.stream().map(g -> g.getManager().ones(g.getShape())).toList());
    masks.get(0).set(new ai.djl.ndarray.index.NDIndex(0, 0), 0);
    new Mask(masks).apply(gradients, null);
    optimizer.step(Objective.FORGET, parameters, gradients, state, 1);
    return Math.abs(parameters.arrays().get(0).getFloat(0, 0) - before);
  }

  private static DecoupledAdamW decoupled(boolean both, DecoupledAdamW.Semantics semantics) {
    return new DecoupledAdamW(0.01, 0.02, BETAS, 1e-8, 0.05, both, both, semantics);
  }

  private List<float[]> run(UnlearningOptimizer optimizer, List<Objective> schedule) {
    Parameters parameters = OptimizerTables.parameters(manager);
    OptimizerState state = optimizer.init(parameters, manager);
    for (int k = 0; k < schedule.size(); k++) {
      optimizer.step(
          schedule.get(k), parameters, OptimizerTables.arrays(scope.manager(), 50 + k), state, 1);
    }
    return OptimizerTables.values(parameters.arrays());
  }
}
