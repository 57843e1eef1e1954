package org.dualoptim.vision.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.SplittableRandom;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.junit.jupiter.api.Test;

/** Counts as in the official code on PyTorch 1.13. */
class ResNetTest {

  @Test
  void theNetworksOfThePaperHaveTheOfficialNumberOfParameters() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThat(trained(ResNet.resnet18(10, 64, null, null, new SplittableRandom(1)), manager))
          .isEqualTo(11_173_962);
      assertThat(trained(ResNet.cifar(20, 10, null, null, new SplittableRandom(1)), manager))
          .isEqualTo(269_722);
      assertThat(trained(ResNet.cifar(56, 10, null, null, new SplittableRandom(1)), manager))
          .isEqualTo(853_018);
    }
  }

  @Test
  void aHundredClassesAddNinetyRowsToTheLastLayer() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThat(trained(ResNet.resnet18(100, 64, null, null, new SplittableRandom(1)), manager))
          .isEqualTo(11_220_132);
    }
  }

  private static long trained(ResNet network, NDManager manager) {
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
    return network.parameters().trainable().count();
  }

  @Test
  void arraysComeInStateDictOrderUnderTorchvisionsNames() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Parameters parameters = small(manager, 1).parameters();

      assertThat(parameters.trainable().size()).isEqualTo(62);
      assertThat(parameters.withRole(Role.BUFFER).size()).isEqualTo(42);
      assertThat(parameters.names())
          .startsWith(
              "normalize.mean",
              "normalize.std",
              "conv1.weight",
              "bn1.weight",
              "bn1.bias",
              "bn1.running_mean")
          .endsWith("layer4.1.bn2.running_var", "fc.weight", "fc.bias")
          .containsSubsequence(
              "layer2.0.bn2.running_var",
              "layer2.0.downsample.0.weight",
              "layer2.0.downsample.1.running_var",
              "layer2.1.conv1.weight");
      assertThat(parameters.withRole(Role.INPUT).names()).containsExactly("conv1.weight");
      assertThat(parameters.withRole(Role.OUTPUT).names()).containsExactly("fc.weight");
    }
  }

  @Test
  void theSameSeedGivesTheSameInitialValues() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray images = manager.arange(2 * 3 * 16 * 16f).div(1536).reshape(2, 3, 16, 16);

      assertThat(logits(small(manager, 5), images))
          .isEqualTo(logits(small(manager, 5), images))
          .isNotEqualTo(logits(small(manager, 6), images));
    }
  }

  private static float[] logits(ResNet network, NDArray images) {
    return network
        .forward(new ParameterStore(images.getManager(), false), new NDList(images), false)
        .singletonOrThrow()
        .toFloatArray();
  }

  private static ResNet small(NDManager manager, long seed) {
    ResNet network =
        ResNet.resnet18(
            10, 2, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2), new SplittableRandom(seed));
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
    return network;
  }

  @Test
  void aDepthThatNoNetworkHasIsRefused() {
    assertThatThrownBy(() -> ResNet.cifar(21, 10, null, null, new SplittableRandom(1)))
        .hasMessage("depth must be 6 n + 2, got 21");
  }

  @Test
  void aChannelThatDoesNotVaryIsRefusedBeforeItDividesByZero() {
    List<Double> half = List.of(.5, .5, .5);
    assertThatThrownBy(() -> new Architecture.ResNet20s(10, half, List.of(.2, 0., .2)))
        .hasMessage("std must be > 0, got 0.0");
    assertThatThrownBy(() -> new Architecture.ResNet18(10, null, half, List.of(.2, .2, -1.)))
        .hasMessage("std must be > 0, got -1.0");
    assertThatThrownBy(() -> new Architecture.ResNet20s(10, List.of(Double.NaN, .5, .5), half))
        .hasMessage("mean must be finite, got NaN");
  }

  @Test
  void aWidthWhoseLayersNoArrayCanHoldIsRefusedBeforeItOverflows() {
    assertThatThrownBy(() -> new Architecture.ResNet18(10, 100_000, null, null))
        .hasMessage("width must be in 1..512, got 100000");
  }
}
