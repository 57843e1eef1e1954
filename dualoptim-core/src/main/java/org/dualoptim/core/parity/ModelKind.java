package org.dualoptim.core.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.tensor.NamedBlock;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Role;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;

/**
 * The parity kind {@code model}: one forward pass {@code y} of a network and, where the case has a
 * target, its {@code loss} and {@code grad/NAME} of every trained array; {@code buffer/NAME} holds
 * what the pass left in the buffers.
 */
public final class ModelKind implements ParityKind {
  private static final String BUFFER = "buffer/";

  private final Map<String, ModelCase> models;

  /**
   * @param models by the {@code kind} of their tables
   */
  @Inject
  public ModelKind(Map<String, ModelCase> models) {
    this.models = Map.copyOf(models);
  }

  @Override
  public String id() {
    return "model";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) throws IOException {
    ModelCase model = model(c);
    boolean training = training(c);
    Map<String, HostTensor> outputs = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NamedBlock network = model.network(c, manager);
      Parameters parameters = network.parameters();
      model.setWeights(parameters, c);
      Parameters trained = parameters.trainable();
      trained.arrays().forEach(array -> array.setRequiresGradient(true));
      try (Scope scope = Scope.recording(manager)) {
        ModelCase.Output output = model.run(network, c, training, scope.manager());
        outputs.put("y", HostTensor.of(output.y()));
        output.loss().ifPresent(loss -> differentiate(loss, trained, outputs));
      }
      for (Parameters.Entry entry : parameters.withRole(Role.BUFFER).entries()) {
        outputs.put(BUFFER + entry.name(), HostTensor.of(entry.array()));
      }
    }
    BatchCounts.put(c, BUFFER, training ? 1 : 0, outputs);
    return outputs;
  }

  private ModelCase model(ParityCase c) {
    String kind = c.config().path("model").path("kind").asText("");
    if (kind.isEmpty()) {
      throw new ParityException("model.kind is missing");
    }
    ModelCase model = models.get(kind);
    if (model == null) {
      throw new ParityException(
          "model kind "
              + kind
              + " is not known here; known are "
              + models.keySet().stream().sorted().toList());
    }
    return model;
  }

  private static boolean training(ParityCase c) {
    String mode = c.config().path("mode").asText();
    return switch (mode) {
      case "train" -> true;
      case "eval" -> false;
      default ->
          throw new ParityException("mode must be \"train\" or \"eval\", got \"" + mode + "\"");
    };
  }

  private static void differentiate(
      NDArray loss, Parameters trained, Map<String, HostTensor> outputs) {
    outputs.put("loss", HostTensor.of(loss));
    NDList gradients = TorchOps.grads(loss, trained.arrays());
    for (int i = 0; i < gradients.size(); i++) {
      outputs.put("grad/" + trained.names().get(i), HostTensor.of(gradients.get(i)));
    }
  }
}
