package org.dualoptim.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.tensor.Weights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are made here: a network's weights under the names of each scheme. */
class WeightNamesTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  @TempDir private Path folder;

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "state_dict.", "state_dict.module."})
  void torchvisionsNamesAreFoundBelowAnyPrefix(String prefix) throws IOException {
    ResNet saved = network(1, null);
    Path file = write(tensors(saved), name -> prefix + name);

    assertLoaded(file, saved);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "state_dict.module."})
  void akamastersNamesAreTranslated(String prefix) throws IOException {
    ResNet saved = network(1, null);
    Path file =
        write(
            tensors(saved),
            name -> prefix + name.replace("fc.", "linear.").replace("downsample", "shortcut"));

    assertLoaded(file, saved);
  }

  @Test
  void whatATrainingRunSavedBesideTheWeightsIsLeftAlone() throws IOException {
    ResNet saved = network(1, null);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors(saved).forEach((name, values) -> tensors.put("state_dict." + name, values));
    tensors.put("state_dict.bn1.num_batches_tracked", HostTensor.of(new long[] {7}));
    tensors.put("optimizer.state.0.momentum_buffer", HostTensor.scalar(1));

    assertLoaded(write(tensors, UnaryOperator.identity()), saved);
  }

  private void assertLoaded(Path file, ResNet saved) throws IOException {
    ResNet loaded = network(2, null);
    assertThat(tensors(loaded)).isNotEqualTo(tensors(saved));

    WeightNames.load(loaded, file);

    assertThat(tensors(loaded)).isEqualTo(tensors(saved));
  }

  @Test
  void constantsOfNormalisationAreReadWhereBothHaveThem() throws IOException {
    ResNet saved = network(1, List.of(0.1, 0.2, 0.3));
    ResNet loaded = network(2, HALF);

    WeightNames.load(loaded, write(tensors(saved), UnaryOperator.identity()));

    assertThat(tensors(loaded)).isEqualTo(tensors(saved));
  }

  @Test
  void constantsStayWhereTheFileHasNone() throws IOException {
    ResNet loaded = network(2, HALF);

    WeightNames.load(loaded, write(tensors(network(1, null)), UnaryOperator.identity()));

    assertThat(tensors(loaded).get("normalize.mean").floats()).containsExactly(0.5f, 0.5f, 0.5f);
  }

  @Test
  void constantsAreIgnoredByANetworkWithoutThem() throws IOException {
    ResNet saved = network(1, HALF);
    ResNet loaded = network(2, null);

    WeightNames.load(loaded, write(tensors(saved), UnaryOperator.identity()));

    assertThat(tensors(saved)).containsAllEntriesOf(tensors(loaded));
  }

  @Test
  void unknownNamesAreRefusedInOneSentence() throws IOException {
    Path file = write(tensors(network(1, null)), name -> "backbone/" + name);

    assertThatThrownBy(() -> WeightNames.load(network(2, null), file))
        .hasMessage(
            file
                + ": its tensors are named neither as torchvision's (conv1.weight, ..., fc.bias) nor as akamaster's"
                + " (conv1.weight, ..., linear.bias)");
  }

  @Test
  void aFileOfAnotherNetworkIsRefusedAndChangesNothing() throws IOException {
    ResNet deep = ResNet.cifar(32, 4, null, null, new SplittableRandom(1));
    deep.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
    ResNet shallow = ResNet.cifar(20, 4, null, null, new SplittableRandom(2));
    shallow.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
    Map<String, HostTensor> before = tensors(shallow);
    Path file = write(tensors(deep), UnaryOperator.identity());

    assertThatThrownBy(() -> WeightNames.load(shallow, file))
        .hasMessage(
            file
                + " does not fit the model: the model has no place for layer1.3.bn1.bias and 59 more");
    assertThatThrownBy(() -> WeightNames.load(deep, write(before, UnaryOperator.identity())))
        .hasMessage(
            file
                + " does not fit the model: it has 97 of the 157 arrays and lacks layer1.3.conv1.weight");
    assertThat(tensors(shallow)).isEqualTo(before);
  }

  private ResNet network(long seed, List<Double> mean) {
    ResNet network = ResNet.resnet18(4, 2, mean, mean, new SplittableRandom(seed));
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
    return network;
  }

  private static Map<String, HostTensor> tensors(ResNet network) {
    return Weights.tensors(network.parameters());
  }

  private Path write(Map<String, HostTensor> tensors, UnaryOperator<String> rename)
      throws IOException {
    Map<String, HostTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, values) -> renamed.put(rename.apply(name), values));
    Path file = folder.resolve("weights.safetensors");
    Safetensors.write(file, renamed, Map.of());
    return file;
  }
}
