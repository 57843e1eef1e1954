package org.dualoptim.vision.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.parity.ParityCase;
import org.dualoptim.core.parity.ParityException;
import org.dualoptim.core.parity.ParityKind;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.vision.method.Losses;

/** The parity kind {@code vision-loss}: a loss of {@code logits} and its gradient. */
public final class VisionLossKind implements ParityKind {

  @Override
  public String id() {
    return "vision-loss";
  }

  @Override
  public Map<String, HostTensor> compute(ParityCase c) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Scope scope = Scope.recording(manager)) {
      NDArray logits = c.in("logits").toArray(scope.manager());
      logits.setRequiresGradient(true);
      NDArray loss = loss(c, logits, scope.manager());
      NDArray gradient = TorchOps.grads(loss, new NDList(logits)).singletonOrThrow();
      return Map.of("loss", HostTensor.of(loss), "grad", HostTensor.of(gradient));
    }
  }

  private static NDArray loss(ParityCase c, NDArray logits, NDManager manager) {
    String name = c.config().path("loss").asText();
    return switch (name) {
      case "cross-entropy" -> Losses.crossEntropy(logits, c.in("target").toArray(manager));
      case "adaptive-ascent" ->
          Losses.adaptiveAscent(logits, c.in("target").toArray(manager), c.number("lambda"));
      case "kl-teacher" ->
          Losses.klTeacher(logits, c.in("teacher").toArray(manager), c.number("temperature"));
      default ->
          throw new ParityException(
              "loss must be \"cross-entropy\", \"adaptive-ascent\" or \"kl-teacher\", got \""
                  + name
                  + "\"");
    };
  }
}
