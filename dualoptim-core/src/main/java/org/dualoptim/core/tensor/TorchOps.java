package org.dualoptim.core.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Every libtorch operator that DJL's {@link NDArray} lacks, gradients included, as methods of one
 * TorchScript module whose source is the resource {@code ops.py} beside this class: names, shapes
 * and formulas of the ops are documented there, once.
 *
 * <p>The archive is built in memory from that text and loaded on first use. A call costs about 20
 * us (a plain DJL op about 2 us), so ops work on whole lists of arrays. Results belong to the
 * manager of the first array given, as with any DJL op. Ops whose name ends in {@code _} change
 * their first list in place and must be called without a graph ({@link Scope#detached}). Calls from
 * several threads are safe as long as no array is an argument of two calls at the same time; an
 * array that is, or that is passed twice in one call, is refused with an {@link
 * IllegalArgumentException}, as is an empty list.
 *
 * <p>This is the only class of the project that touches {@code ai.djl.pytorch.jni}.
 */
public final class TorchOps {

  /**
   * Pickle protocol 2 of an instance of {@code __torch__.Ops} with the state {@code {training:
   * True}}.
   */
  private static final String INSTANCE_PICKLE =
      "8002635f5f746f7263685f5f0a4f70730a71002981"
          + "7d285808000000747261696e696e677101887562"
          + "71032e";

  private static final byte[] EMPTY_TUPLE_PICKLE = HexFormat.of().parseHex("8002292e");

  /**
   * Names that gather arrays into one argument; the engine reads an argument's place from the name
   * of its first array.
   */
  private static final List<String> LIST_NAMES =
      List.of("a[]", "b[]", "c[]", "d[]", "e[]", "f[]", "g[]", "h[]", "i[]", "j[]");

  /** The name of an array that is an argument by itself. */
  private static final String SINGLE_NAME = "single";

  private TorchOps() {}

  /**
   * Once per thread: no optimising graph executor. It recompiles a differentiable op for the shapes
   * and gradients of its first calls, which gains nothing for ops of a few calls.
   */
  private static final ThreadLocal<Boolean> PLAIN_EXECUTOR =
      ThreadLocal.withInitial(
          () -> {
            JniUtils.setGraphExecutorOptimize(false);
            return true;
          });

  /** Loads on first use; lives as long as the JVM. */
  private static final class Library {
    static final NDManager MANAGER = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    static final PtSymbolBlock BLOCK = load();

    /** One empty array per op whose name tells the engine which method to run. */
    static final Map<String, NDArray> SELECTORS = new ConcurrentHashMap<>();

    private static PtSymbolBlock load() {
      try {
        return JniUtils.loadModule(
            (PtNDManager) MANAGER, new ByteArrayInputStream(archive()), false, false);
      } catch (IOException e) {
        throw new UncheckedIOException("the op library could not be loaded", e);
      }
    }

    static NDArray selector(String op) {
      return SELECTORS.computeIfAbsent(
          op,
          name -> {
            NDArray array = MANAGER.create(0f);
            array.setName("module_method:" + name);
            return array;
          });
    }
  }

  // ---- gradients ----

  /**
   * Gradients of a scalar: {@code torch.autograd.grad(loss, parameters)}. Nothing accumulates and
   * the graph is freed.
   *
   * @param loss [] the scalar to differentiate
   * @param parameters arrays that require a gradient
   * @return one array per parameter in its shape and memory format, zeros where the loss does not
   *     reach; owned by the loss's manager
   * @throws IllegalArgumentException if the loss has no graph at all
   */
  public static NDList grads(NDArray loss, NDList parameters) {
    try {
      return call("grads", loss, parameters);
    } catch (EngineException e) {
      if (e.getMessage().contains("does not require grad")) {
        throw new IllegalArgumentException(
            "a loss has no graph: it was not computed from arrays that require gradients, or not in a recording scope",
            e);
      }
      throw e;
    }
  }

  /** Whether graphs are recorded on this thread. */
  public static boolean isRecording() {
    return JniUtils.isGradMode();
  }

  /** Turns graph recording on or off for this thread; use {@link Scope} rather than this. */
  static void setRecording(boolean on) {
    JniUtils.setGradMode(on);
  }

  /** Seeds the engine's generators (dropout, noise), 3 us. */
  public static void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /** How many threads an operator may use; loads the engine if nothing has yet. */
  public static int threads() {
    Engine.getEngine("PyTorch");
    return JniUtils.getNumThreads();
  }

  /**
   * Lets operators called on this thread use so many threads from now on; loads the engine if
   * nothing has yet.
   */
  public static void threads(int count) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(count);
  }

  /** The number that a FLOAT32 or FLOAT64 scalar holds. */
  public static double value(NDArray scalar) {
    return scalar.getDataType() == DataType.FLOAT64 ? scalar.getDouble() : scalar.getFloat();
  }

  // ---- lists of arrays ----

  /** The 2-norm over all elements of all arrays. */
  public static double globalNorm(NDList arrays) {
    return scalar(call("global_norm", arrays));
  }

  /**
   * The cosine of the angle between two lists of arrays seen as one vector each; 0 if one of them
   * is zero.
   */
  public static double globalCosine(NDList a, NDList b) {
    return scalar(call("global_cosine", a, b));
  }

  /** {@code ||now - before||}; afterwards {@code before} holds {@code now}. */
  public static double moved(NDList before, NDList now) {
    return scalar(call("moved_", before, now));
  }

  /**
   * Clips in place to a global norm: {@code g *= min(1, maxNorm / (||g|| + 1e-6))} (torch's {@code
   * clip_grad_norm_}).
   *
   * @return the norm before clipping
   */
  public static double clip(NDList gradients, double maxNorm) {
    return scalar(call("clip_", gradients, new double[] {maxNorm}));
  }

  /** {@code g *= m} in place; masks are boolean or float arrays. */
  public static void mask(NDList gradients, NDList masks) {
    call("mask_", gradients, masks).close();
  }

  private static double scalar(NDList result) {
    try (NDArray value = result.singletonOrThrow()) {
      return value(value);
    }
  }

  /** {@code g *= factor} in place. */
  public static void scale(NDList gradients, double factor) {
    call("scale_", gradients, new double[] {factor}).close();
  }

  /** {@code sum += factor * terms} in place. */
  public static void add(NDList sum, NDList terms, double factor) {
    call("add_", sum, terms, new double[] {factor}).close();
  }

  /** {@code sum += factor * terms * terms} in place. */
  public static void addSquare(NDList sum, NDList terms, double factor) {
    call("add_square_", sum, terms, new double[] {factor}).close();
  }

  /** Copies values into arrays of the same shapes, whatever the memory formats. */
  public static void copy(NDList into, NDList from) {
    call("copy_", into, from).close();
  }

  /** Zeros in the shapes and memory formats of the given arrays, owned by {@code owner}. */
  public static NDList zerosLike(NDManager owner, NDList arrays) {
    return attached(owner, call("zeros_like", arrays));
  }

  /**
   * Copies that share nothing with the given arrays, in their memory formats, owned by {@code
   * owner}.
   */
  public static NDList clone(NDManager owner, NDList arrays) {
    return attached(owner, call("clone", arrays));
  }

  private static NDList attached(NDManager owner, NDList arrays) {
    arrays.attach(owner);
    return arrays;
  }

  // ---- memory formats ----

  /**
   * A copy of [N,C,H,W] with the channels innermost in memory, which convolutions run fastest on.
   * One of fewer than 16 channels must not meet a strided 1x1 convolution: oneDNN's gradient then
   * writes past its workspace (uxlfoundation/oneDNN issue 6035); {@link #subsampleAndPad} first and
   * a convolution without stride give the same numbers.
   */
  public static NDArray channelsLast(NDArray images) {
    return call("channels_last", images).singletonOrThrow();
  }

  /** A copy in C order. */
  public static NDArray contiguous(NDArray array) {
    return call("contiguous", array).singletonOrThrow();
  }

  /** The distance in elements between neighbours along each axis. */
  public static long[] strides(NDArray array) {
    try (NDArray strides = call("strides", array).singletonOrThrow()) {
      return strides.toLongArray();
    }
  }

  /**
   * Every second row and column of [N,C,H,W] with {@code channels} channels of zeros put on either
   * side.
   */
  public static NDArray subsampleAndPad(NDArray images, int channels) {
    return call("subsample_and_pad", images, new double[] {channels}).singletonOrThrow();
  }

  // ---- losses ----

  /** Mean cross-entropy in nats of logits [B,C] against labels [B] (int64), []. */
  public static NDArray crossEntropy(NDArray logits, NDArray labels) {
    return call("cross_entropy", logits, labels).singletonOrThrow();
  }

  /** Cross-entropy in nats of each sample, [B]. */
  public static NDArray crossEntropyEach(NDArray logits, NDArray labels) {
    return call("cross_entropy_each", logits, labels).singletonOrThrow();
  }

  /**
   * Adaptive mean of per-sample losses [B] with exponent lambda, []: small losses weigh more,
   * weights carry no gradient.
   */
  public static NDArray adaptiveMean(NDArray losses, double lambda) {
    return call("adaptive_mean", losses, new double[] {lambda}).singletonOrThrow();
  }

  /**
   * {@code T^2 KL(softmax(teacher / T) || softmax(logits / T))} of logits [B,C], batch mean, []; no
   * gradient to the teacher.
   */
  public static NDArray klTeacher(NDArray logits, NDArray teacher, double temperature) {
    return call("kl_teacher", logits, teacher, new double[] {temperature}).singletonOrThrow();
  }

  // ---- linear algebra ----

  /** Eigenvalues of a symmetric matrix [D,D], ascending, [D]. */
  public static NDArray eigvalsh(NDArray symmetric) {
    return call("eigvalsh", symmetric).singletonOrThrow();
  }

  /** Eigenvalues [D], ascending, and eigenvectors [D,D] in columns of a symmetric matrix [D,D]. */
  public static NDList eigh(NDArray symmetric) {
    return call("eigh", symmetric);
  }

  // ---- masks ----

  /**
   * Where {@code |a| - |b|} is among the {@code k} largest of all arrays together, concatenated in
   * C order; of equal scores the first ones. Exact, without a sort: beside the arrays it needs the
   * scores of one array at a time.
   *
   * @return boolean arrays in the shapes of {@code a}
   */
  public static NDList topMask(NDList a, NDList b, long k) {
    return call("top_mask", a, b, new double[] {k});
  }

  /**
   * Where {@code (a + 1e-15) / (b + 1e-15) >= threshold}: boolean arrays in the shapes of {@code
   * a}.
   */
  public static NDList ratioMask(NDList a, NDList b, double threshold) {
    return call("ratio_mask", a, b, new double[] {threshold});
  }

  // ---- optimizer steps ----

  /**
   * One step of an optimizer rule, in place on parameters and states; gradients may be overwritten.
   *
   * @param rule the op in {@code ops.py} that writes the rule out, such as {@code adamw_}
   * @param parameters what is stepped
   * @param gradients one per parameter
   * @param states what the rule remembers, each one array per parameter, in the op's order
   * @param numbers the op's {@code h}, in its order
   */
  public static void step(
      String rule, NDList parameters, NDList gradients, List<NDList> states, double... numbers) {
    steps(rule, parameters, gradients, states, numbers).close();
  }

  /**
   * A {@link #step} of a rule that tells a number of it.
   *
   * @return for DualOptim+ the largest update of an element, in learning rates
   */
  public static double measuredStep(
      String rule, NDList parameters, NDList gradients, List<NDList> states, double... numbers) {
    return scalar(steps(rule, parameters, gradients, states, numbers));
  }

  private static NDList steps(
      String rule, NDList parameters, NDList gradients, List<NDList> states, double[] numbers) {
    List<Object> arguments = new ArrayList<>(List.of(parameters, gradients));
    arguments.addAll(states);
    arguments.add(numbers);
    return call(rule, arguments.toArray());
  }

  /**
   * The nearly orthogonal matrix [R,C] that so many Newton-Schulz steps make of {@code x} [R,C].
   */
  public static NDArray newtonSchulz(NDArray x, int steps) {
    return call("newton_schulz", x, new double[] {steps}).singletonOrThrow();
  }

  /**
   * Runs one op.
   *
   * @param arguments an {@link NDArray}, an {@link NDList} or a {@code double[]} (the numbers
   *     {@code h}) per parameter of the op
   */
  private static NDList call(String op, Object... arguments) {
    NDList inputs = new NDList();
    List<String> names = new ArrayList<>();
    NDArray numbers = null;
    try {
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof NDList list) {
          if (list.isEmpty()) {
            throw new IllegalArgumentException(op + " was given no array as argument " + (i + 1));
          }
          for (NDArray array : list) {
            rename(op, array, LIST_NAMES.get(i), inputs, names);
          }
        } else if (arguments[i] instanceof NDArray array) {
          rename(op, array, SINGLE_NAME, inputs, names);
        } else {
          numbers = Library.MANAGER.create((double[]) arguments[i]);
          rename(op, numbers, SINGLE_NAME, inputs, names);
        }
      }
      inputs.add(Library.selector(op));
      PLAIN_EXECUTOR.get();
      return Library.BLOCK.forward(new ParameterStore(Library.MANAGER, false), inputs, true);
    } finally {
      // an array that keeps a list's name would be gathered into a list by its next call
      for (int i = 0; i < names.size(); i++) {
        inputs.get(i).setName(names.get(i));
      }
      if (numbers != null) {
        numbers.close();
      }
    }
  }

  /**
   * An array that bears one of our names is an argument of this call already, or of one on another
   * thread.
   */
  private static void rename(
      String op, NDArray array, String name, NDList inputs, List<String> names) {
    String own = array.getName();
    if (SINGLE_NAME.equals(own) || own != null && LIST_NAMES.contains(own)) {
      throw new IllegalArgumentException(
          op
              + " was given one array twice, or an array that another thread is computing with; give it a copy: "
              + array.getShape());
    }
    inputs.add(array);
    names.add(own);
    array.setName(name);
  }

  static byte[] archive() throws IOException {
    byte[] source;
    try (InputStream in = TorchOps.class.getResourceAsStream("ops.py")) {
      source = in.readAllBytes();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "ops/data.pkl", HexFormat.of().parseHex(INSTANCE_PICKLE));
      store(zip, "ops/code/__torch__.py", source);
      store(zip, "ops/constants.pkl", EMPTY_TUPLE_PICKLE);
      store(zip, "ops/version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }
}
