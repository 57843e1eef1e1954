package org.dualoptim.core.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.dualoptim.core.io.HostTensor;
import org.dualoptim.core.io.Safetensors;
import org.dualoptim.core.io.TensorSource;

/**
 * One recorded case: a safetensors file with {@code weights/*}, {@code in/*} and {@code out/*}
 * tensors, whose metadata says what was computed and how close is close enough. Everything is in
 * memory; the file is closed.
 */
public final class ParityCase {
  /** The value of the metadata entry {@code format}. */
  public static final String FORMAT = "dualoptim-parity/1";

  private static final String WEIGHTS = "weights/";
  private static final String IN = "in/";
  private static final String OUT = "out/";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final Map<String, String> metadata;
  private final JsonNode config;
  private final double rtol;
  private final double atol;
  private final Map<String, HostTensor> weights;
  private final Map<String, HostTensor> inputs;
  private final Map<String, HostTensor> outputs;

  private ParityCase(Path file, TensorSource source) throws IOException {
    this.file = file;
    this.metadata = source.metadata();
    entry("kind");
    this.config = parseConfig();
    this.rtol = tolerance("rtol");
    this.atol = tolerance("atol");
    this.weights = read(source, WEIGHTS);
    this.inputs = read(source, IN);
    this.outputs = read(source, OUT);
    for (String name : outputs.keySet()) {
      atol(name);
    }
  }

  /**
   * Reads a case.
   *
   * @throws ParityException if the file is no parity case, or its metadata is incomplete
   * @throws IOException if the file cannot be read or is damaged
   */
  public static ParityCase read(Path file) throws IOException {
    return readIf(file, Set.of()).orElseThrow();
  }

  /**
   * Reads a case unless it is of another kind than those wanted (none named: any); then its tensors
   * are not touched.
   */
  static Optional<ParityCase> readIf(Path file, Set<String> kinds) throws IOException {
    try (TensorSource source = Safetensors.open(file)) {
      String format = source.metadata().get("format");
      if (!FORMAT.equals(format)) {
        throw new ParityException(
            "case "
                + nameOf(file)
                + " is not a parity case: its metadata entry 'format' must be '"
                + FORMAT
                + "', got "
                + format);
      }
      String kind = source.metadata().get("kind");
      if (kind != null && !kinds.isEmpty() && !kinds.contains(kind)) {
        return Optional.empty();
      }
      return Optional.of(new ParityCase(file, source));
    }
  }

  /** The name that a case of that file has: the file name without {@code .safetensors}. */
  static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".safetensors")
        ? name.substring(0, name.length() - ".safetensors".length())
        : name;
  }

  /** Which {@link ParityKind} recomputes it. */
  public String kind() {
    return metadata.get("kind");
  }

  /** File name without extension. */
  public String name() {
    return nameOf(file);
  }

  /**
   * The parameters of the computation, keys as in a recipe; an empty object where the kind has
   * none.
   */
  public JsonNode config() {
    return config;
  }

  /**
   * A number that the config must have.
   *
   * @throws ParityException if it is missing or no number
   */
  public double number(String key) {
    return required(key, "a number", JsonNode::isNumber).asDouble();
  }

  /**
   * A whole number that the config must have, such as 5 or 5.0.
   *
   * @throws ParityException if it is missing, no whole number or less than {@code least}
   */
  public int whole(String key, int least) {
    return required(
            key,
            "a whole number >= " + least,
            node ->
                node.isNumber()
                    && node.asDouble() == Math.rint(node.asDouble())
                    && node.asDouble() >= least
                    && node.asDouble() <= Integer.MAX_VALUE)
        .asInt();
  }

  private JsonNode required(String key, String what, Predicate<JsonNode> fits) {
    JsonNode value = config.path(key);
    if (!fits.test(value)) {
      throw new ParityException(
          key
              + " must be "
              + what
              + (value.isMissingNode() ? ", but is missing" : ", got " + value));
    }
    return value;
  }

  /** What produced the outputs; empty if the file does not say. */
  public String source() {
    return metadata.getOrDefault("source", "");
  }

  /** A path of the config, which is meant relative to the folder of the case. */
  public Path resolve(String relative) {
    return file.resolveSibling(relative);
  }

  /** Relative tolerance: an output passes where {@code |got - want| <= atol + rtol * |want|}. */
  public double rtol() {
    return rtol;
  }

  /**
   * Absolute tolerance of an output: metadata {@code atol/NAME} if there, else {@code atol}.
   *
   * @param output name without {@code out/}
   */
  public double atol(String output) {
    String override = "atol/" + output;
    return metadata.containsKey(override) ? tolerance(override) : atol;
  }

  /**
   * An input.
   *
   * @param name without {@code in/}
   * @throws ParityException if the case does not have it
   */
  public HostTensor in(String name) {
    return optionalIn(name)
        .orElseThrow(() -> new ParityException("case " + name() + " lacks tensor " + IN + name));
  }

  /** An input that a case may leave out; name without {@code in/}. */
  public Optional<HostTensor> optionalIn(String name) {
    return Optional.ofNullable(inputs.get(name));
  }

  /**
   * An input of floating-point numbers, rounded to F32, in which everything is computed.
   *
   * @param name without {@code in/}
   * @throws ParityException if the case does not have it, or it holds integers or booleans
   */
  public HostTensor floats(String name) {
    HostTensor tensor = in(name);
    if (!tensor.dtype().isFloating()) {
      throw new ParityException(
          IN + name + " must hold floating-point numbers, but is " + tensor.dtype());
    }
    return HostTensor.of(tensor.floats(), tensor.shape());
  }

  /** Names of all inputs without {@code in/}, in file order. */
  public Set<String> inNames() {
    return inputs.keySet();
  }

  /**
   * The model's weights by the reference's names, without {@code weights/}, in file order; empty if
   * the case has none.
   */
  public Map<String, HostTensor> weights() {
    return weights;
  }

  /** Names of the outputs to compare, without {@code out/}, in file order. */
  public Set<String> wanted() {
    return outputs.keySet();
  }

  /**
   * What the reference computed.
   *
   * @param name without {@code out/}
   * @throws ParityException if the case does not have it
   */
  public HostTensor want(String name) {
    HostTensor output = outputs.get(name);
    if (output == null) {
      throw new ParityException("case " + name() + " lacks tensor " + OUT + name);
    }
    return output;
  }

  /**
   * The first NaN of the case, weights before inputs before outputs, such as {@code in/x at [0,
   * 2]}; empty if it holds none.
   */
  Optional<String> firstNaN() {
    return firstNaN(WEIGHTS, weights)
        .or(() -> firstNaN(IN, inputs))
        .or(() -> firstNaN(OUT, outputs));
  }

  private static Optional<String> firstNaN(String prefix, Map<String, HostTensor> tensors) {
    for (Map.Entry<String, HostTensor> entry : tensors.entrySet()) {
      HostTensor tensor = entry.getValue();
      if (tensor.dtype().isFloating()) {
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
          if (Float.isNaN(values[i])) {
            return Optional.of(
                prefix + entry.getKey() + " at " + Comparison.position(i, tensor.shape()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Map<String, HostTensor> read(TensorSource source, String prefix)
      throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : source.names()) {
      if (name.startsWith(prefix)) {
        tensors.put(name.substring(prefix.length()), source.tensor(name));
      }
    }
    return Collections.unmodifiableMap(tensors);
  }

  private JsonNode parseConfig() {
    JsonNode parsed;
    try {
      parsed = JSON.readTree(metadata.getOrDefault("config", "{}"));
    } catch (JsonProcessingException malformed) {
      throw new ParityException(
          "case "
              + name()
              + " has a config that is not JSON ("
              + malformed.getOriginalMessage().replaceFirst(": enable `.*", "")
              + ")",
          malformed);
    }
    if (!parsed.isObject()) {
      throw new ParityException("case " + name() + " has a config that is not a JSON object");
    }
    return parsed;
  }

  private double tolerance(String key) {
    String text = entry(key);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new ParityException(
          "case "
              + name()
              + ": metadata entry '"
              + key
              + "' must be a number >= 0, got '"
              + text
              + "'");
    }
    return value;
  }

  private String entry(String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new ParityException("case " + name() + " lacks the metadata entry '" + key + "'");
    }
    return value;
  }
}
