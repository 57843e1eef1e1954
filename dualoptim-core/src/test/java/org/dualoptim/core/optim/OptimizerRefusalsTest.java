package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What optimizers refuse, count and warn of. */
class OptimizerRefusalsTest {
  private static final Betas BETAS = new Betas(0.9, 0.95);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void muonWithoutFallbackNamesTheArrayItCannotStep() {
    Muon muon = new Muon(0.02, 0.95, 0, 5, true, null);

    assertThatThrownBy(() -> muon.init(OptimizerTables.parameters(manager), manager))
        .hasMessage(
            "muon steps matrices and convolution kernels, but parameter layer1.weight has shape (7); give muon a fallback, for example an adamw table");
  }

  @Test
  void muonLeavesInputAndOutputLayersToItsFallback() {
    Muon muon = new Muon(0.02, 0.95, 0, 5, true, new Sgd(0.1, 0.9, 0, null));
    List<Parameters.Entry> entries =
        List.of(
            new Parameters.Entry("first", manager.ones(new Shape(3, 3)), Role.INPUT),
            new Parameters.Entry("hidden", manager.ones(new Shape(3, 3)), Role.HIDDEN),
            new Parameters.Entry("last", manager.ones(new Shape(3, 3)), Role.OUTPUT));

    OptimizerState state = muon.init(Parameters.of(entries), manager);

    assertThat(state.save().keySet())
        .containsExactlyInAnyOrder(
            "momentum_buffer/hidden",
            "fallback/momentum_buffer/first",
            "fallback/momentum_buffer/last",
            "fallback/t");
  }

  @Test
  void aLeast8bitSizeOfZeroQuantisesEveryArray() {
    Parameters parameters = OptimizerTables.parameters(manager);

    assertThat(new AdamW8bit(0.1, BETAS, 1e-8, 0, 16, 0).init(parameters, manager).save())
        .isEqualTo(new AdamW8bit(0.1, BETAS, 1e-8, 0, 16, 1).init(parameters, manager).save());
    assertThatThrownBy(() -> new AdamW8bit(0.1, BETAS, 1e-8, 0, 16, -1))
        .hasMessageStartingWith("min_8bit_size must be >= 0");
  }

  @Test
  void aStateThatDoesNotFitIsRefusedBeforeAnythingChanges() {
    Parameters parameters = OptimizerTables.parameters(manager);
    OptimizerState state = new Adam(0.01, BETAS, 1e-8, 0).init(parameters, manager);
    state.increment("t");
    Map<String, HostTensor> saved = state.save();
    String hint = "; load it with the optimizer and the parameters that it was saved from";

    Map<String, HostTensor> short1 = new LinkedHashMap<>(saved);
    short1.remove("exp_avg_sq/layer1.weight");
    assertThatThrownBy(() -> state.load(TensorSource.of(short1, Map.of())))
        .hasMessage("the saved optimizer state has no exp_avg_sq/layer1.weight" + hint);

    Map<String, HostTensor> more = new LinkedHashMap<>(saved);
    more.put("momentum_buffer/layer1.weight", HostTensor.scalar(0));
    assertThatThrownBy(() -> state.load(TensorSource.of(more, Map.of())))
        .hasMessage(
            "the saved optimizer state holds momentum_buffer/layer1.weight, which this optimizer does not keep"
                + hint);

    Map<String, HostTensor> other = new LinkedHashMap<>(saved);
    other.put("exp_avg/layer1.weight", HostTensor.of(new float[6], 6));
    assertThatThrownBy(() -> state.load(TensorSource.of(other, Map.of())))
        .hasMessageStartingWith(
            "the saved optimizer state holds exp_avg/layer1.weight as F32[6], this optimizer keeps it as float32 (7)");
    assertThat(state.save()).isEqualTo(saved);
  }

  @Test
  void dualPlusCountsTheStepsThatThrowAWeight() {
    DualPlus published =
        new DualPlus(0.01, 0.01, BETAS, BETAS, 1e-8, 0, DualPlus.States.FP32, null, null, null);
    DualPlus floored =
        new DualPlus(0.01, 0.01, BETAS, BETAS, 1e-8, 0, DualPlus.States.FP32, null, null, 0.01);

    assertThat(cancelling(published).count(DualPlus.OUTSIZED_STEPS)).isEqualTo(1);
    assertThat(cancelling(published).count(DualPlus.LARGEST_UPDATE))
        .isGreaterThan(DualPlus.OUTSIZED);
    assertThat(cancelling(floored).count(DualPlus.OUTSIZED_STEPS)).isZero();
  }

  /**
   * A RETAIN gradient of 1, then FORGET gradients 0 and g. With b = 0.95 for all moments, the base
   * that the third step finds is vh = b (1 - b) / (1 - b^2) and its delta v = -b (1 - b) + (1 -
   * b)(g^2 - vh); this g makes v / (1 - b^2) + vh vanish.
   */
  private OptimizerState cancelling(DualPlus optimizer) {
    double b = BETAS.second();
    double base = b * (1 - b) / (1 - b * b);
    double square = base + b - base * (1 - b * b) / (1 - b);
    Parameters parameters =
        Parameters.of(List.of(new Parameters.Entry("w", manager.ones(new Shape(1)), Role.BIAS)));
    OptimizerState state = optimizer.init(parameters, manager);
    optimizer.step(
        Objective.RETAIN, parameters, new NDList(manager.create(new float[] {1})), state, 1);
    optimizer.step(
        Objective.FORGET, parameters, new NDList(manager.create(new float[] {0})), state, 1);
    optimizer.step(
        Objective.FORGET,
        parameters,
        new NDList(manager.create(new float[] {(float) Math.sqrt(square)})),
        state,
        1);
    return state;
  }
}
