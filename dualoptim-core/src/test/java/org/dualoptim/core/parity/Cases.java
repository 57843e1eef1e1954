package org.dualoptim.core.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;

/** Writes small parity cases. */
final class Cases {
  private Cases() {}

  /**
   * Complete metadata, with {@code more} added or replaced; a value of null leaves the entry out.
   */
  static Map<String, String> metadata(String... more) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", ParityCase.FORMAT);
    metadata.put("kind", "double");
    metadata.put("config", "{\"steps\": 3}");
    metadata.put("source", "by hand");
    metadata.put("rtol", "0");
    metadata.put("atol", "0.1");
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1] == null) {
        metadata.remove(more[i]);
      } else {
        metadata.put(more[i], more[i + 1]);
      }
    }
    return metadata;
  }

  /** Names and tensors, alternating. */
  static Map<String, HostTensor> tensors(Object... namesAndTensors) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTensors.length; i += 2) {
      tensors.put((String) namesAndTensors[i], (HostTensor) namesAndTensors[i + 1]);
    }
    return tensors;
  }

  static Path write(Path file, Map<String, String> metadata, Object... namesAndTensors)
      throws IOException {
    Safetensors.write(file, tensors(namesAndTensors), metadata);
    return file;
  }
}
