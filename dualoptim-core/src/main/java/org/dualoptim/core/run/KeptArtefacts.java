package org.dualoptim.core.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.SafetensorsFile;
import org.dualoptim.core.tensor.LiveTensors;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.dualoptim.core.unlearn.Artefacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Artefacts in safetensors files, one each, named by a hash of what they depend on and holding that
 * as text. A file that cannot be read or written costs time, not the run.
 *
 * @param folder where the files lie
 * @param content what all of them depend on
 */
record KeptArtefacts(Path folder, Map<String, Object> content) implements Artefacts {
  private static final Logger LOG = LoggerFactory.getLogger(KeptArtefacts.class);
  private static final String OF = "of";

  /** The places of arrays that come back in this memory format: sums over them keep their order. */
  private static final String CHANNELS_LAST = "channels_last";

  KeptArtefacts {
    content = Map.copyOf(content);
  }

  @Override
  public NDList get(Object what, NDManager owner, Supplier<NDList> compute) {
    CanonicalJson text = CanonicalJson.of(Map.of("content", content, "what", what));
    Path file = folder.resolve(text.sha256().substring(0, 20) + ".safetensors");
    return read(file, text, owner)
        .orElseGet(
            () -> {
              NDList arrays = compute.get();
              write(file, text, arrays);
              return arrays;
            });
  }

  private static Optional<NDList> read(Path file, CanonicalJson text, NDManager owner) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SafetensorsFile source = Safetensors.open(file)) {
      if (!text.text().equals(source.metadata().get(OF))) {
        throw new IOException(file + " is of something else");
      }
      NDList arrays = new NDList();
      for (int i = 0; i < source.names().size(); i++) {
        arrays.add(source.tensor(Integer.toString(i)).toArray(owner));
      }
      for (String place : source.metadata().getOrDefault(CHANNELS_LAST, "").split(",")) {
        if (!place.isEmpty()) {
          int i = Integer.parseInt(place);
          try (Scope scope = Scope.detached(owner);
              NDArray planar = arrays.get(i)) {
            NDArray array = TorchOps.channelsLast(planar);
            array.attach(owner);
            arrays.set(i, array);
          }
        }
      }
      return Optional.of(arrays);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}; it is computed again", e.getMessage());
      return Optional.empty();
    }
  }

  private static void write(Path file, CanonicalJson text, NDList arrays) {
    Map<String, NDArray> named = new LinkedHashMap<>();
    for (NDArray array : arrays) {
      named.put(Integer.toString(named.size()), array);
    }
    try {
      Files.createDirectories(file.getParent());
      Safetensors.write(
          file,
          new LiveTensors(named),
          Map.of(OF, text.text(), CHANNELS_LAST, channelsLast(arrays)));
    } catch (IOException e) {
      LOG.warn(
          "{} could not be written ({}); other trials will compute it again", file, e.toString());
    }
  }

  private static String channelsLast(NDList arrays) {
    return IntStream.range(0, arrays.size())
        .filter(i -> isChannelsLast(arrays.get(i)))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(","));
  }

  private static boolean isChannelsLast(NDArray array) {
    if (array.getShape().dimension() != 4) {
      return false;
    }
    long[] strides = TorchOps.strides(array);
    return strides[1] == 1 && strides[2] >= strides[3] && strides[3] == array.getShape().get(1);
  }
}
