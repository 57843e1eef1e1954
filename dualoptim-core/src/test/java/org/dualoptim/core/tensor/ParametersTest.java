package org.dualoptim.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.TensorSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParametersTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private Parameters two() {
    return Parameters.of(
        List.of(
            new Parameters.Entry("w", manager.create(new float[] {1, 2}), Role.HIDDEN),
            new Parameters.Entry("mean", manager.create(new float[] {3}), Role.BUFFER)));
  }

  @Test
  void otherArraysTakeTheNamesInOrder() {
    NDList others = new NDList(manager.create(new float[] {5, 6}), manager.create(new float[] {7}));
    Parameters averaged = two().with(others);

    assertThat(averaged.byName().get("w").toFloatArray()).containsExactly(5, 6);
    assertThat(averaged.byName().get("mean").toFloatArray()).containsExactly(7);
    assertThatThrownBy(() -> two().with(new NDList(others.get(0))))
        .hasMessage("1 arrays cannot take the names of 2");
  }

  @Test
  void anyBlockHasRoles() {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(3).build())
            .add(Linear.builder().setUnits(2).build());
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    Parameters parameters = NamedBlock.of(block);
    assertThat(parameters.entries())
        .extracting(Parameters.Entry::role)
        .containsExactly(
            Role.INPUT,
            Role.BIAS,
            Role.NORM,
            Role.NORM,
            Role.BUFFER,
            Role.BUFFER,
            Role.HIDDEN,
            Role.BIAS,
            Role.OUTPUT,
            Role.BIAS);
    assertThat(parameters.trainable().size()).isEqualTo(8);
    assertThat(parameters.withRole(Role.BUFFER).count()).isEqualTo(6);
  }

  @Test
  void aPlaceThatIsTiedToAnotherIsListedOnce() {
    Linear shared = Linear.builder().setUnits(4).build();
    SequentialBlock block = new SequentialBlock().add(shared).add(shared);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    assertThat(Parameters.of(block).size()).isEqualTo(2);
  }

  @Test
  void oneArrayUnderTwoNamesIsRefused() {
    NDArray w = manager.create(1f);
    assertThatThrownBy(
            () ->
                Parameters.of(
                    List.of(
                        new Parameters.Entry("wte", w, Role.INPUT),
                        new Parameters.Entry("lm_head", w, Role.OUTPUT))))
        .hasMessage("the parameters wte and lm_head are one array; list it once");
    assertThatThrownBy(
            () ->
                Parameters.of(
                    List.of(
                        new Parameters.Entry("w", w, Role.INPUT),
                        new Parameters.Entry("w", manager.create(2f), Role.OUTPUT))))
        .hasMessage("two parameters are named w");
  }

  @Test
  void aSnapshotIsRestoredBitForBit() {
    Parameters parameters = two();
    NDList snapshot = parameters.snapshot(manager);
    parameters.arrays().forEach(array -> array.muli(-7));
    parameters.restore(snapshot);
    assertThat(parameters.byName().get("w").toFloatArray()).containsExactly(1, 2);
    assertThat(parameters.byName().get("mean").toFloatArray()).containsExactly(3);
  }

  @Test
  void weightsSurviveTheirFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("w.safetensors");
    Parameters saved = two();
    Weights.save(saved, file, Map.of("trial", "t"));
    Parameters loaded = two();
    loaded.arrays().forEach(array -> array.muli(0));
    Weights.load(loaded, file, name -> name);
    assertThat(Weights.tensors(loaded)).isEqualTo(Weights.tensors(saved));
  }

  @Test
  void aFileThatDoesNotFitIsNamedOnce(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("w.safetensors");
    Weights.save(two(), file, Map.of());
    Parameters one = two().trainable();
    assertThatThrownBy(() -> Weights.load(one, file, name -> name))
        .hasMessage(file + " does not fit the model: the model has no place for mean");
    Files.writeString(file, "torn");
    assertThatThrownBy(() -> Weights.load(one, file, name -> name))
        .hasMessage(file + " is not a safetensors file: it has only 4 bytes");
  }

  @Test
  void weightsThatDoNotFitChangeNothing() {
    Parameters parameters = two();
    Map<String, HostTensor> before = Weights.tensors(parameters);
    HostTensor w = HostTensor.of(new float[] {9, 9}, 2);
    HostTensor mean = HostTensor.of(new float[] {9}, 1);
    assertThatThrownBy(() -> Weights.load(parameters, TensorSource.of(Map.of("w", w), Map.of())))
        .hasMessage("there is no tensor mean");
    assertThatThrownBy(
            () ->
                Weights.load(
                    parameters, TensorSource.of(Map.of("w", mean, "mean", mean), Map.of())))
        .hasMessage("w has the shape [1], the model needs (2)");
    assertThatThrownBy(
            () ->
                Weights.load(
                    parameters,
                    TensorSource.of(Map.of("w", w, "mean", mean, "extra", mean), Map.of())))
        .hasMessage("the model has no place for extra");
    assertThat(Weights.tensors(parameters)).isEqualTo(before);
  }

  @Test
  void bookkeepingOfBatchNormIsNoLeftover() throws IOException {
    Parameters parameters = two();
    HostTensor count = HostTensor.of(new long[] {5});
    Weights.load(
        parameters,
        TensorSource.of(
            Map.of(
                "w",
                HostTensor.of(new float[] {9, 9}, 2),
                "mean",
                HostTensor.of(new float[] {9}, 1),
                "bn.num_batches_tracked",
                count),
            Map.of()));
    assertThat(parameters.byName().get("w").toFloatArray()).containsExactly(9, 9);
  }
}
