package org.dualoptim.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every optimizer table promises. */
class OptimizerContractTest {
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

  @ParameterizedTest
  @MethodSource("org.dualoptim.core.optim.OptimizerTables#all")
  void findsTheBottomOfAParabola(String table) {
    UnlearningOptimizer optimizer = OptimizerTables.read(table);
    Parameters parameters = OptimizerTables.parameters(manager);
    NDList bottom = OptimizerTables.arrays(manager, 2);
    OptimizerState state = optimizer.init(parameters, manager);
    double start = distance(parameters, bottom);
    int steps = 240;
    for (int k = 0; k < steps; k++) {
      NDList gradients = TorchOps.clone(scope.manager(), parameters.arrays());
      TorchOps.add(gradients, bottom, -1);
      optimizer.step(objective(k), parameters, gradients, state, 1 - k / (double) steps);
      gradients.close();
    }
    assertThat(distance(parameters, bottom)).isLessThan(0.05 * start);
  }

  @ParameterizedTest
  @MethodSource("org.dualoptim.core.optim.OptimizerTables#all")
  void repeatsBitForBit(String table) throws IOException {
    assertThat(run(table, 0, 9, OptimizerTables.parameters(manager), null))
        .usingRecursiveComparison()
        .isEqualTo(run(table, 0, 9, OptimizerTables.parameters(manager), null));
  }

  @ParameterizedTest
  @MethodSource("org.dualoptim.core.optim.OptimizerTables#all")
  void goesOnFromASavedStateAsIfNeverStopped(String table) throws IOException {
    List<float[]> uninterrupted = run(table, 0, 10, OptimizerTables.parameters(manager), null);

    UnlearningOptimizer optimizer = OptimizerTables.read(table);
    Parameters parameters = OptimizerTables.parameters(manager);
    OptimizerState state = optimizer.init(parameters, manager);
    steps(optimizer, parameters, state, 0, 5);
    Map<String, HostTensor> saved = state.save();
    List<float[]> resumed = run(table, 5, 10, parameters, saved);

    assertThat(resumed).usingRecursiveComparison().isEqualTo(uninterrupted);
  }

  @ParameterizedTest
  @MethodSource("org.dualoptim.core.optim.OptimizerTables#all")
  void doesNotDependOnTheMemoryFormat(String table) throws IOException {
    List<float[]> contiguous = run(table, 0, 6, OptimizerTables.parameters(manager), null);
    List<Parameters.Entry> entries = new ArrayList<>(OptimizerTables.parameters(manager).entries());
    Parameters.Entry kernel = entries.get(2);
    NDArray last = TorchOps.channelsLast(kernel.array());
    assertThat(TorchOps.strides(last)).isNotEqualTo(TorchOps.strides(kernel.array()));
    entries.set(2, new Parameters.Entry(kernel.name(), last, kernel.role()));

    List<float[]> channelsLast = run(table, 0, 6, Parameters.of(entries), null);

    for (int i = 0; i < contiguous.size(); i++) {
      assertThat(channelsLast.get(i)).containsExactly(contiguous.get(i), within(2e-7f));
    }
  }

  @ParameterizedTest
  @MethodSource("org.dualoptim.core.optim.OptimizerTables#all")
  void isWrittenAsTheTableItWasReadFrom(String table) {
    UnlearningOptimizer optimizer = OptimizerTables.read(table);

    assertThat(OptimizerTables.TABLES.write(optimizer)).isEqualTo(OptimizerTables.json(table));
  }

  private List<float[]> run(
      String table, int from, int to, Parameters parameters, Map<String, HostTensor> saved)
      throws IOException {
    UnlearningOptimizer optimizer = OptimizerTables.read(table);
    OptimizerState state = optimizer.init(parameters, manager);
    if (saved != null) {
      state.load(TensorSource.of(saved, Map.of()));
    }
    steps(optimizer, parameters, state, from, to);
    return OptimizerTables.values(parameters.arrays());
  }

  private void steps(
      UnlearningOptimizer optimizer,
      Parameters parameters,
      OptimizerState state,
      int from,
      int to) {
    for (int k = from; k < to; k++) {
      optimizer.step(
          objective(k),
          parameters,
          OptimizerTables.arrays(scope.manager(), 100 + k),
          state,
          1 / (1.0 + k));
    }
  }

  private static Objective objective(int step) {
    return step % 3 == 0 ? Objective.FORGET : Objective.RETAIN;
  }

  private double distance(Parameters parameters, NDList bottom) {
    NDList difference = TorchOps.clone(scope.manager(), parameters.arrays());
    TorchOps.add(difference, bottom, -1);
    return TorchOps.globalNorm(difference);
  }
}
