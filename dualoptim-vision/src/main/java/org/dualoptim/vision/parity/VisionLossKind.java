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
      HostTensor scores = CheckedInputs.scores(c, "logits");
      NDArray logits = scores.toArray(scope.manager());
      logits.setRequiresGradient(true);
      NDArray loss = loss(c, scores, logits, scope.manager());
      NDArray gradient = TorchOps.grads(loss, new NDList(logits)).singletonOrThrow();
      return Map.of("loss", HostTensor.of(loss), "grad", HostTensor.of(gradient));
    }
  }

  private static NDArray loss(ParityCase c, HostTensor scores, NDArray logits, NDManager manager) {
    String name = c.config().path("loss").asText();
    return switch (name) {
      case "cross-entropy" -> Losses.crossEntropy(logits, target(c, scores).toArray(manager));
      case "adaptive-ascent" ->
          Losses.adaptiveAscent(logits, target(c, scores).toArray(manager), lambda(c));
      case "kl-teacher" ->
          Losses.klTeacher(
              logits,
              CheckedInputs.scoresLike(scores, c, "teacher").toArray(manager),
              temperature(c));
      default ->
          throw new ParityException(
              "loss must be \"cross-entropy\", \"adaptive-ascent\" or \"kl-teacher\", got \""
                  + name
                  + "\"");
    };
  }

  private static HostTensor target(ParityCase c, HostTensor scores) {
    long[] shape = scores.shape();
    return CheckedInputs.labels(c, "target", shape[0], shape[1]);
  }

  private static double lambda(ParityCase c) {
    double lambda = c.number("lambda");
    if (lambda < 0) {
      throw new ParityException("lambda must be >= 0, got " + lambda);
    }
    return lambda;
  }

  private static double temperature(ParityCase c) {
    double temperature = c.number("temperature");
    if (temperature <= 0) {
      throw new ParityException("temperature must be > 0, got " + temperature);
    }
    return temperature;
  }
}
