package org.dualoptim.core.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.SafetensorsFile;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Weights;
import org.dualoptim.core.unlearn.LoopState;

/**
 * A run between two steps, in one safetensors file: {@code weights/...} (buffers included), {@code optimizer/...}, {@code forget_gradient/...}
 * and the cursor. Since every random draw is a function of its position, this is all that a run remembers.
 */
final class Checkpoint {
  private static final String WEIGHTS = "weights/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String FORGET_GRADIENT = "forget_gradient/";

  private Checkpoint() {}

  /**
   * Writes the state beside the file and moves it into place.
   *
   * @param facts kept as they are; must hold what {@link #load} is asked to compare
   */
  static void save(Path file, LoopState state, Map<String, String> facts) throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    Weights.tensors(state.parameters()).forEach((name, tensor) -> tensors.put(WEIGHTS + name, tensor));
    state.optimizer().save().forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
    if (state.forgetGradient() != null) {
      List<String> names = state.parameters().trainable().names();
      for (int i = 0; i < names.size(); i++) {
        tensors.put(FORGET_GRADIENT + names.get(i), HostTensor.of(state.forgetGradient().get(i)));
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>(facts);
    metadata.put("cursor", Integer.toString(state.cursor()));
    Safetensors.write(file, tensors, metadata);
  }

  /**
   * Brings a state to where it was saved.
   *
   * @return the facts given to {@link #save}
   * @throws IOException if the file is damaged or belongs to another trial
   */
  static Map<String, String> load(Path file, LoopState state, String hash, NDManager owner) throws IOException {
    try (SafetensorsFile source = Safetensors.open(file)) {
      Map<String, String> metadata = source.metadata();
      if (!hash.equals(metadata.get("hash"))) {
        throw new IOException(file + " is the checkpoint of another trial; remove it to start over");
      }
      Parameters parameters = state.parameters();
      Map<String, HostTensor> weights = new LinkedHashMap<>();
      Map<String, HostTensor> optimizer = new LinkedHashMap<>();
      for (String name : source.names()) {
        if (name.startsWith(WEIGHTS)) {
          weights.put(name.substring(WEIGHTS.length()), source.tensor(name));
        } else if (name.startsWith(OPTIMIZER)) {
          optimizer.put(name.substring(OPTIMIZER.length()), source.tensor(name));
        }
      }
      Weights.load(parameters, weights);
      state.optimizer().load(optimizer);
      List<String> names = parameters.trainable().names();
      if (source.contains(FORGET_GRADIENT + names.get(0))) {
        NDList gradient = new NDList();
        for (String name : names) {
          NDArray array = source.tensor(FORGET_GRADIENT + name).toArray(owner);
          gradient.add(array);
        }
        state.forgetGradient(gradient);
      }
      state.cursor(Integer.parseInt(metadata.get("cursor")));
      return metadata;
    }
  }
}
