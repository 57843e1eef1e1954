package org.dualoptim.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.vision.method.Classifier;
import org.dualoptim.vision.model.Architecture;
import org.junit.jupiter.api.Test;

class VisionCycleTest {

  @Test
  void whatTheEngineDoesAloneIsTheNetworksOwnStep() {
    List<Double> tenth = List.of(0.1, 0.2, 0.3);
    NamedBlock network =
        new Architecture.ResNet18(10, 4, tenth, tenth).create(new Draws(1).at("weights", 0, 0));
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
      Classifier classifier = Classifier.of(network);
      NDArray images = TorchOps.channelsLast(manager.randomUniform(0, 1, new Shape(6, 3, 16, 16)));
      NDArray targets = manager.create(new long[] {0, 1, 2, 3, 4, 5});

      NDList weights = classifier.parameters().trainable().arrays();
      NDList statistics = classifier.parameters().withRole(Role.BUFFER).arrays();
      NDList alone = VisionCycle.gradients(images, targets, weights, statistics);
      NDArray loss = TorchOps.crossEntropy(classifier.logits(images, true), targets);
      NDList own = TorchOps.grads(loss, weights);

      assertThat(alone).hasSameSizeAs(own);
      for (int i = 0; i < own.size(); i++) {
        float[] expected = TorchOps.contiguous(own.get(i)).toFloatArray();
        assertThat(TorchOps.contiguous(alone.get(i)).toFloatArray())
            .as("gradient %d", i)
            .containsExactly(expected, within(1e-4f));
      }
    }
  }
}
