package org.dualoptim.core.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.SafetensorsFile;
import org.dualoptim.core.io.TensorSource;
import org.dualoptim.core.tensor.LiveTensors;
import org.dualoptim.core.tensor.Parameters;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.tensor.Weights;
import org.dualoptim.core.unlearn.LoopState;

/**
 * A run between two steps, in one safetensors file: {@code weights/...} (buffers included, frozen
 * arrays not), {@code optimizer/...}, {@code kept/...} and the cursor. Since every random draw is a
 * function of its position, this is all that a run remembers.
 */
final class Checkpoint {
  private static final String HASH = "hash";
  private static final String CURSOR = "cursor";
  private static final String WEIGHTS = "weights/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String KEPT = "kept/";

  private Checkpoint() {}

  /**
   * Writes the state beside the file and moves it into place.
   *
   * @param hash the trial's, which {@link #load} asks for
   * @param facts kept as they are
   */
  static void save(Path file, LoopState state, String hash, Map<String, String> facts)
      throws IOException {
    List<TensorSource> tensors = new ArrayList<>();
    tensors.add(Weights.source(state.parameters().changing()).renamed(name -> WEIGHTS + name));
    tensors.add(state.optimizer().source().renamed(name -> OPTIMIZER + name));
    List<String> names = state.parameters().trainable().names();
    Map<String, NDArray> kept = new LinkedHashMap<>();
    state
        .kept()
        .forEach(
            (what, arrays) -> {
              for (int i = 0; i < names.size(); i++) {
                kept.put(KEPT + what + "/" + names.get(i), arrays.get(i));
              }
            });
    tensors.add(new LiveTensors(kept));
    Map<String, String> metadata = new LinkedHashMap<>(facts);
    metadata.put(HASH, hash);
    metadata.put(CURSOR, Integer.toString(state.cursor()));
    Safetensors.write(file, TensorSource.joined(tensors), metadata);
  }

  /**
   * The facts given to {@link #save}.
   *
   * @throws IOException if the file is damaged or belongs to another trial
   */
  static Map<String, String> facts(Path file, String hash) throws IOException {
    try (SafetensorsFile source = Safetensors.open(file)) {
      return checked(source, hash, file);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * How many steps were finished.
   *
   * @throws IOException if the file is damaged or belongs to another trial
   */
  static int cursor(Path file, String hash) throws IOException {
    return Integer.parseInt(facts(file, hash).get(CURSOR));
  }

  /**
   * Brings a state to where it was saved; what the checkpoint brings is the state's own.
   *
   * @param steps how many the run has
   * @throws IOException if the file is damaged or belongs to another trial
   */
  static void load(Path file, LoopState state, String hash, int steps) throws IOException {
    try (SafetensorsFile source = Safetensors.open(file)) {
      int cursor = Integer.parseInt(checked(source, hash, file).get(CURSOR));
      if (cursor > steps) {
        throw new IOException(
            file + " was written after step " + cursor + " of a run that has " + steps);
      }
      Parameters parameters = state.parameters();
      try {
        Weights.load(parameters.changing(), source.under(WEIGHTS));
        state.optimizer().load(source.under(OPTIMIZER));
        for (String what : kept(source, parameters.trainable())) {
          state.keep(what, kept(source, what, parameters.trainable()));
        }
      } catch (IOException | IllegalArgumentException e) {
        throw new IOException(file + ": " + e.getMessage(), e);
      }
      state.cursor(cursor);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** The names of what is kept: of {@code kept/NAME/PARAMETER} with the first parameter. */
  private static List<String> kept(SafetensorsFile source, Parameters trained) {
    String end = "/" + trained.names().get(0);
    return source.names().stream()
        .filter(name -> name.startsWith(KEPT) && name.endsWith(end))
        .map(name -> name.substring(KEPT.length(), name.length() - end.length()))
        .filter(what -> !what.contains("/"))
        .toList();
  }

  /** In the memory format of the parameters, so that sums over it go on in the same order. */
  private static NDList kept(SafetensorsFile source, String what, Parameters trained)
      throws IOException {
    NDManager owner = trained.arrays().getManager();
    NDList kept = TorchOps.zerosLike(owner, trained.arrays());
    for (int i = 0; i < kept.size(); i++) {
      String name = KEPT + what + "/" + trained.names().get(i);
      if (!Arrays.equals(source.shape(name), kept.get(i).getShape().getShape())) {
        throw new IOException(name + " has another shape than its parameter");
      }
      try (Scope scope = Scope.detached(owner)) {
        NDArray saved = source.tensor(name).toArray(scope.manager());
        TorchOps.copy(new NDList(kept.get(i)), new NDList(saved));
      }
    }
    return kept;
  }

  private static Map<String, String> checked(SafetensorsFile source, String hash, Path file)
      throws IOException {
    Map<String, String> metadata = source.metadata();
    if (!hash.equals(metadata.get(HASH))) {
      throw new IOException(file + " is the checkpoint of another trial");
    }
    if (!metadata.getOrDefault(CURSOR, "").matches("\\d{1,9}")) {
      throw new IOException(file + " does not say how far the run was");
    }
    return metadata;
  }

  private static IOException unusable(IOException e) {
    return new IOException(e.getMessage() + "; --fresh starts the trial over", e);
  }
}
