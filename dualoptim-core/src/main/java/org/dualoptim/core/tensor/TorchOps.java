package org.dualoptim.core.tensor;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/**
 * The libtorch operators that the core needs and DJL's {@link NDArray} lacks, gradients included:
 * an {@link OpLibrary} whose script is the resource {@code ops.py} beside this class, where names,
 * shapes and formulas are documented, once.
 *
 * <p>Results belong to the manager of the first array given, as with any DJL op. Ops that change
 * arrays in place must be called without a graph ({@link Scope#detached}).
 */
public final class TorchOps {

  private static final OpLibrary OPS = OpLibrary.of(TorchOps.class, "ops.py");

  private TorchOps() {}

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
      return OPS.call("grads", loss, parameters);
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
    return scalar(OPS.call("global_norm", arrays));
  }

  /** The largest magnitude over all elements of all arrays; NaN if one is. */
  public static double maxNorm(NDList arrays) {
    return scalar(OPS.call("max_norm", arrays));
  }

  /**
   * The cosine of the angle between two lists of arrays seen as one vector each; 0 if one of them
   * is zero.
   */
  public static double globalCosine(NDList a, NDList b) {
    return scalar(OPS.call("global_cosine", a, b));
  }

  /** {@code ||now - before||}; afterwards {@code before} holds {@code now}. */
  public static double moved(NDList before, NDList now) {
    return scalar(OPS.call("moved_", before, now));
  }

  /**
   * Clips in place to a global norm: {@code g *= min(1, maxNorm / (||g|| + 1e-6))} (torch's {@code
   * clip_grad_norm_}).
   *
   * @return the norm before clipping
   */
  public static double clip(NDList gradients, double maxNorm) {
    return scalar(OPS.call("clip_", gradients, new double[] {maxNorm}));
  }

  /** {@code g *= m} in place; masks are boolean or float arrays. */
  public static void mask(NDList gradients, NDList masks) {
    OPS.call("mask_", gradients, masks).close();
  }

  private static double scalar(NDList result) {
    try (NDArray value = result.singletonOrThrow()) {
      return value(value);
    }
  }

  /** {@code g *= factor} in place. */
  public static void scale(NDList gradients, double factor) {
    OPS.call("scale_", gradients, new double[] {factor}).close();
  }

  /** {@code sum += factor * terms} in place. */
  public static void add(NDList sum, NDList terms, double factor) {
    OPS.call("add_", sum, terms, new double[] {factor}).close();
  }

  /** {@code sum += factor * terms * terms} in place. */
  public static void addSquare(NDList sum, NDList terms, double factor) {
    OPS.call("add_square_", sum, terms, new double[] {factor}).close();
  }

  /** Copies values into arrays of the same shapes, whatever the memory formats. */
  public static void copy(NDList into, NDList from) {
    OPS.call("copy_", into, from).close();
  }

  /** Zeros in the shapes and memory formats of the given arrays, owned by {@code owner}. */
  public static NDList zerosLike(NDManager owner, NDList arrays) {
    return attached(owner, OPS.call("zeros_like", arrays));
  }

  /**
   * Copies that share nothing with the given arrays, in their memory formats, owned by {@code
   * owner}.
   */
  public static NDList clone(NDManager owner, NDList arrays) {
    return attached(owner, OPS.call("clone", arrays));
  }

  private static NDList attached(NDManager owner, NDList arrays) {
    arrays.attach(owner);
    return arrays;
  }

  // ---- memory formats ----

  /**
   * A copy of [N,C,H,W] with the channels innermost in memory, which convolutions run fastest on.
   * One of fewer than 16 channels must not meet a strided 1x1 convolution: oneDNN's gradient then
   * writes past its workspace (uxlfoundation/oneDNN issue 6035); every second row and column first
   * and a convolution without stride give the same numbers.
   */
  public static NDArray channelsLast(NDArray images) {
    return OPS.call("channels_last", images).singletonOrThrow();
  }

  /** A copy in C order. */
  public static NDArray contiguous(NDArray array) {
    return OPS.call("contiguous", array).singletonOrThrow();
  }

  /** The distance in elements between neighbours along each axis. */
  public static long[] strides(NDArray array) {
    try (NDArray strides = OPS.call("strides", array).singletonOrThrow()) {
      return strides.toLongArray();
    }
  }

  // ---- losses ----

  /** Mean cross-entropy in nats of logits [B,C] against labels [B] (int64), []. */
  public static NDArray crossEntropy(NDArray logits, NDArray labels) {
    return OPS.call("cross_entropy", logits, labels).singletonOrThrow();
  }

  /** Cross-entropy in nats of each sample, [B]. */
  public static NDArray crossEntropyEach(NDArray logits, NDArray labels) {
    return OPS.call("cross_entropy_each", logits, labels).singletonOrThrow();
  }

  /**
   * Adaptive mean of per-sample losses [B] with exponent lambda, []: small losses weigh more,
   * weights carry no gradient.
   */
  public static NDArray adaptiveMean(NDArray losses, double lambda) {
    return OPS.call("adaptive_mean", losses, new double[] {lambda}).singletonOrThrow();
  }

  /**
   * {@code T^2 KL(softmax(teacher / T) || softmax(logits / T))} of logits [B,C], batch mean, []; no
   * gradient to the teacher.
   */
  public static NDArray klTeacher(NDArray logits, NDArray teacher, double temperature) {
    return OPS.call("kl_teacher", logits, teacher, new double[] {temperature}).singletonOrThrow();
  }

  // ---- linear algebra ----

  /** Eigenvalues of a symmetric matrix [D,D], ascending, [D]. */
  public static NDArray eigvalsh(NDArray symmetric) {
    return OPS.call("eigvalsh", symmetric).singletonOrThrow();
  }

  /** Eigenvalues [D], ascending, and eigenvectors [D,D] in columns of a symmetric matrix [D,D]. */
  public static NDList eigh(NDArray symmetric) {
    return OPS.call("eigh", symmetric);
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
    return OPS.call("top_mask", a, b, new double[] {k});
  }

  /**
   * Where {@code (a + 1e-15) / (b + 1e-15) >= threshold}: boolean arrays in the shapes of {@code
   * a}.
   */
  public static NDList ratioMask(NDList a, NDList b, double threshold) {
    return OPS.call("ratio_mask", a, b, new double[] {threshold});
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
    return OPS.call(rule, arguments.toArray());
  }

  /**
   * The nearly orthogonal matrix [R,C] that so many Newton-Schulz steps make of {@code x} [R,C].
   */
  public static NDArray newtonSchulz(NDArray x, int steps) {
    return OPS.call("newton_schulz", x, new double[] {steps}).singletonOrThrow();
  }
}
