package org.dualoptim.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dualoptim.core.run.PeakMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class TorchOpsTest {
  private final Random random = new Random(11);
  private NDManager manager;
  private Scope scope;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager("PyTorch");
    scope = Scope.detached(manager);
  }

  @AfterEach
  void close() {
    scope.close();
    manager.close();
  }

  private NDArray numbers(long... shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(shape));
  }

  /** Three arrays, the last one with its channels innermost in memory. */
  private NDList arrays() {
    return new NDList(numbers(3), numbers(2, 4), TorchOps.channelsLast(numbers(2, 3, 2, 2)));
  }

  private static double[] flat(NDList arrays) {
    return arrays.stream()
        .flatMapToDouble(
            a -> IntStream.range(0, (int) a.size()).mapToDouble(i -> a.flatten().toFloatArray()[i]))
        .toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private interface Each {
    double of(double a, double b);
  }

  private static double[] each(double[] a, double[] b, Each rule) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = rule.of(a[i], b[i]);
    }
    return result;
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).containsExactly(expected, within(2e-6));
  }

  // ---- lists of arrays ----

  @Test
  void globalNormIsThatOfOneLongVector() {
    NDList a = arrays();
    assertThat(TorchOps.globalNorm(a)).isCloseTo(norm(flat(a)), within(1e-5));
    NDList wide = new NDList(manager.create(new double[] {3, 4}));
    assertThat(TorchOps.globalNorm(wide)).isEqualTo(5);
  }

  @Test
  void globalCosineIsThatOfTwoLongVectors() {
    NDList a = arrays();
    NDList b = arrays();
    double expected = dot(flat(a), flat(b)) / norm(flat(a)) / norm(flat(b));
    assertThat(TorchOps.globalCosine(a, b)).isCloseTo(expected, within(1e-6));
    assertThat(TorchOps.globalCosine(a, TorchOps.clone(manager, a))).isCloseTo(1, within(1e-6));
    assertThat(TorchOps.globalCosine(a, TorchOps.zerosLike(manager, a))).isZero();
  }

  @Test
  void movedTellsTheDistanceAndCatchesUp() {
    NDList before = arrays();
    NDList now = arrays();
    double expected = norm(each(flat(before), flat(now), (b, n) -> n - b));
    assertThat(TorchOps.moved(before, now)).isCloseTo(expected, within(1e-5));
    assertThat(flat(before)).containsExactly(flat(now));
    assertThat(TorchOps.moved(before, now)).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void movedNeedsNoRoomForTheDifference() {
    NDList now = new NDList();
    for (int i = 0; i < 24; i++) {
      now.add(manager.ones(new Shape(1 << 20))); // 4 MiB
    }
    NDList before = TorchOps.clone(manager, now);
    long resident = PeakMemory.currentMebibytes();
    PeakMemory.reset();

    TorchOps.moved(before, now);

    assertThat(PeakMemory.mebibytes() - resident).isLessThan(32);
  }

  @Test
  void clipShortensWhatIsTooLongAndNothingElse() {
    NDList g = arrays();
    double[] before = flat(g);
    double length = norm(before);
    assertThat(TorchOps.clip(g, 2 * length)).isCloseTo(length, within(1e-5));
    assertThat(flat(g)).containsExactly(before);
    assertThat(TorchOps.clip(g, 0.5)).isCloseTo(length, within(1e-5));
    assertClose(flat(g), each(before, before, (x, y) -> x * 0.5 / (length + 1e-6)));
  }

  @Test
  void masksMayBeBooleanOrNumbers() {
    for (DataType type : new DataType[] {DataType.BOOLEAN, DataType.FLOAT32}) {
      NDList g = arrays();
      NDList masks = new NDList();
      g.forEach(a -> masks.add(numbers(a.getShape().getShape()).gt(0).toType(type, true)));
      double[] expected = each(flat(g), flat(toFloat(masks)), (x, m) -> x * m);
      TorchOps.mask(g, masks);
      assertThat(flat(g)).containsExactly(expected);
    }
  }

  private static NDList toFloat(NDList arrays) {
    NDList result = new NDList();
    arrays.forEach(a -> result.add(a.toType(DataType.FLOAT32, true)));
    return result;
  }

  @Test
  void scaleAddAndAddSquareWorkInPlace() {
    NDList a = arrays();
    NDList b = arrays();
    double[] start = flat(a);
    TorchOps.scale(a, -0.5);
    assertClose(flat(a), each(start, start, (x, y) -> -0.5 * x));
    start = flat(a);
    TorchOps.add(a, b, 0.25);
    assertClose(flat(a), each(start, flat(b), (x, y) -> x + 0.25 * y));
    start = flat(a);
    TorchOps.addSquare(a, b, 0.25);
    assertClose(flat(a), each(start, flat(b), (x, y) -> x + 0.25 * y * y));
  }

  @Test
  void copyingHeedsPlacesNotMemory() {
    NDArray rows = numbers(2, 3, 2, 2);
    NDArray channels = TorchOps.channelsLast(numbers(2, 3, 2, 2));
    TorchOps.copy(new NDList(channels), new NDList(rows));
    assertThat(channels.flatten().toFloatArray()).isEqualTo(rows.toFloatArray());
    assertThat(TorchOps.strides(channels)).containsExactly(12, 1, 6, 3);
    assertThat(TorchOps.strides(rows)).containsExactly(12, 4, 2, 1);
  }

  @Test
  void zerosAndCopiesKeepTheMemoryFormatAndTheirOwner() {
    NDList a = arrays();
    try (NDManager owner = manager.newSubManager()) {
      NDList zeros = TorchOps.zerosLike(owner, a);
      NDList copies = TorchOps.clone(owner, a);
      for (NDList made : new NDList[] {zeros, copies}) {
        assertThat(made).allSatisfy(array -> assertThat(array.getManager()).isSameAs(owner));
        assertThat(TorchOps.strides(made.get(2))).containsExactly(12, 1, 6, 3);
      }
      assertThat(flat(zeros)).containsOnly(0);
      double[] before = flat(a);
      TorchOps.scale(copies, 3);
      assertThat(flat(a)).as("copies share nothing").containsExactly(before);
    }
  }

  @Test
  void changesOfMemoryFormatAreCopies() {
    NDArray images = numbers(1, 2, 2, 2);
    NDArray last = TorchOps.channelsLast(images);
    NDArray again = TorchOps.contiguous(last);
    images.muli(0);
    assertThat(last.flatten().toFloatArray()).doesNotContain(0f).isEqualTo(again.toFloatArray());
    assertThat(TorchOps.strides(again)).containsExactly(8, 4, 2, 1);
  }

  // ---- losses ----

  /** -log softmax of the label's class, in double. */
  private static double[] crossEntropies(float[] logits, long[] labels) {
    int classes = logits.length / labels.length;
    double[] losses = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[i * classes + c]);
      }
      losses[i] = Math.log(sum) - logits[i * classes + (int) labels[i]];
    }
    return losses;
  }

  @Test
  void crossEntropyIsTheMeanOfItsSamples() {
    NDArray logits = numbers(3, 4);
    long[] labels = {0, 3, 3};
    NDArray y = manager.create(labels);
    double[] each = crossEntropies(logits.toFloatArray(), labels);
    float[] actual = TorchOps.crossEntropyEach(logits, y).toFloatArray();
    for (int i = 0; i < 3; i++) {
      assertThat(actual[i]).isCloseTo((float) each[i], within(1e-6f));
    }
    assertThat(TorchOps.crossEntropy(logits, y).getFloat())
        .isCloseTo((float) ((each[0] + each[1] + each[2]) / 3), within(1e-6f));
    assertGradient(in -> TorchOps.crossEntropy(in, y), logits);
    assertGradient(in -> TorchOps.crossEntropyEach(in, y).square().sum(), logits);
  }

  @Test
  void adaptiveMeanWeighsSmallLossesMoreAndWeightsCarryNoGradient() {
    float[] l = {0.5f, 2, 4};
    NDArray losses = manager.create(l);
    double[] c = {1 / Math.sqrt(0.5), 1 / Math.sqrt(2), 0.5};
    double sum = c[0] + c[1] + c[2];
    double expected = (c[0] * l[0] + c[1] * l[1] + c[2] * l[2]) / sum;
    assertThat(TorchOps.adaptiveMean(losses, 0.5).getFloat())
        .isCloseTo((float) expected, within(1e-6f));
    float[] gradient = gradient(in -> TorchOps.adaptiveMean(in, 0.5), losses);
    for (int i = 0; i < 3; i++) {
      assertThat(gradient[i]).isCloseTo((float) (c[i] / sum), within(1e-6f));
    }
    assertThat(TorchOps.adaptiveMean(manager.create(new float[] {0, 1}), 0.5).getFloat())
        .as("a loss of 0 is no division by 0")
        .isFinite();
  }

  @Test
  void klTeacherIsTheKullbackLeiblerDivergenceFromTheTeacher() {
    NDArray logits = numbers(2, 3);
    NDArray teacher = numbers(2, 3);
    double t = 4;
    double expected = 0;
    for (int i = 0; i < 2; i++) {
      double[] p = softmax(teacher.toFloatArray(), i, t);
      double[] q = softmax(logits.toFloatArray(), i, t);
      for (int c = 0; c < 3; c++) {
        expected += t * t / 2 * p[c] * Math.log(p[c] / q[c]);
      }
    }
    assertThat(TorchOps.klTeacher(logits, teacher, t).getFloat())
        .isCloseTo((float) expected, within(1e-5f));
    assertGradient(in -> TorchOps.klTeacher(in, teacher, t), logits);
    assertThat(gradient(in -> TorchOps.klTeacher(logits.add(in.mul(0)), in, t), teacher))
        .as("the teacher learns nothing")
        .containsOnly(0f, -0f);
  }

  /**
   * Two nearly equal terms, enlarged 400 times: {@code log p - log q} first gives 1.4762037. The
   * number is PyTorch 1.13's {@code 400 * F.kl_div(log_softmax(logits / 20), softmax(teacher / 20),
   * reduction="batchmean")}.
   */
  @Test
  void klTeacherRoundsAsTorchDoesAtAHighTemperature() {
    float[] logits = {-1.9861168f, 1.5257617f, -2.1791644f};
    float[] teacher = {-0.0013166377f, -0.00015301899f, -0.001594701f};
    Shape shape = new Shape(1, 3);
    assertThat(
            TorchOps.klTeacher(manager.create(logits, shape), manager.create(teacher, shape), 20)
                .getFloat())
        .isCloseTo(1.4762282f, within(1e-5f));
  }

  private static double[] softmax(float[] logits, int row, double t) {
    double[] p = new double[3];
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      p[c] = Math.exp(logits[3 * row + c] / t);
      sum += p[c];
    }
    return new double[] {p[0] / sum, p[1] / sum, p[2] / sum};
  }

  // ---- linear algebra ----

  @Test
  void eigenvaluesAscendAndVectorsRebuildTheMatrix() {
    NDArray a = numbers(5, 5).toType(DataType.FLOAT64, true);
    NDArray symmetric = a.add(a.transpose());
    NDList eigen = TorchOps.eigh(symmetric);
    double[] values = eigen.get(0).toDoubleArray();
    assertThat(values)
        .isSorted()
        .containsExactly(TorchOps.eigvalsh(symmetric).toDoubleArray(), within(1e-12));
    NDArray vectors = eigen.get(1);
    NDArray rebuilt = vectors.mul(eigen.get(0)).matMul(vectors.transpose());
    assertThat(rebuilt.sub(symmetric).abs().max().getDouble()).isLessThan(1e-12);
  }

  // ---- gradients ----

  private float[] gradient(Function<NDArray, NDArray> loss, NDArray at) {
    try (Scope recording = Scope.recording(manager)) {
      NDArray x = at.duplicate();
      x.setRequiresGradient(true);
      return TorchOps.grads(loss.apply(x), new NDList(x)).singletonOrThrow().toFloatArray();
    }
  }

  /** Against central differences. */
  private void assertGradient(Function<NDArray, NDArray> loss, NDArray at) {
    float[] gradient = gradient(loss, at);
    float[] values = at.flatten().toFloatArray();
    float h = 1e-2f;
    for (int i = 0; i < values.length; i++) {
      float[] up = values.clone();
      float[] down = values.clone();
      up[i] += h;
      down[i] -= h;
      double slope =
          (TorchOps.value(loss.apply(manager.create(up, at.getShape())))
                  - TorchOps.value(loss.apply(manager.create(down, at.getShape()))))
              / (2 * h);
      assertThat((double) gradient[i]).as("d/dx[%d]", i).isCloseTo(slope, within(2e-3));
    }
  }

  @Test
  void aParameterThatTheLossDoesNotReachHasAGradientOfZeros() {
    try (Scope recording = Scope.recording(manager)) {
      NDArray used = numbers(2);
      NDArray unused = TorchOps.channelsLast(numbers(1, 2, 2, 2));
      used.setRequiresGradient(true);
      unused.setRequiresGradient(true);
      NDList gradients = TorchOps.grads(used.sum(), new NDList(unused, used));
      assertThat(gradients.get(0).flatten().toFloatArray()).containsOnly(0);
      assertThat(gradients.get(0).getShape()).isEqualTo(unused.getShape());
      assertThat(gradients.get(1).toFloatArray()).containsOnly(1);
    }
  }

  @Test
  @Timeout(20)
  void gradientsOfADivergedNetworkAreReturnedHoweverManyParametersItHas() {
    try (Scope recording = Scope.recording(manager)) {
      NDList parameters = new NDList();
      NDArray loss = manager.create(0f);
      for (int i = 0; i < 64; i++) {
        NDArray w = numbers(2);
        w.setRequiresGradient(true);
        parameters.add(w);
        loss = loss.add(w.sum());
      }
      NDList gradients = TorchOps.grads(loss.mul(Float.NaN), parameters);
      assertThat(gradients).hasSize(64);
      assertThat(gradients.get(63).toFloatArray()).containsOnly(Float.NaN);
    }
  }

  @Test
  void gradientsDoNotAccumulate() {
    try (Scope recording = Scope.recording(manager)) {
      NDArray w = numbers(2);
      w.setRequiresGradient(true);
      for (int i = 0; i < 3; i++) {
        assertThat(TorchOps.grads(w.mul(2).sum(), new NDList(w)).head().toFloatArray())
            .containsOnly(2);
      }
    }
  }

  // ---- the calls themselves ----

  @Test
  void namesAreGivenBackAfterACallAndAfterAFailingOne() {
    NDArray a = numbers(2);
    NDArray b = numbers(2);
    a.setName("conv1.weight");
    TorchOps.add(new NDList(a), new NDList(b), 1);
    assertThat(a.getName()).isEqualTo("conv1.weight");
    assertThat(b.getName()).isNull();

    NDArray other = numbers(3);
    assertThatThrownBy(() -> TorchOps.add(new NDList(a), new NDList(other), 1))
        .isInstanceOf(EngineException.class);
    assertThat(a.getName()).isEqualTo("conv1.weight");
    assertThat(other.getName()).isNull();
    assertThat(TorchOps.contiguous(a).toFloatArray())
        .as("and it can be passed singly")
        .isEqualTo(a.toFloatArray());
  }

  @Test
  void anArrayGivenTwiceIsRefusedInsteadOfBeingGatheredWrongly() {
    NDArray a = numbers(2);
    NDArray b = numbers(2);
    a.setName("a");
    String sentence =
        " was given one array twice, or an array that another thread is computing with; give it a copy: (2)";
    assertThatThrownBy(() -> TorchOps.globalCosine(new NDList(a), new NDList(a)))
        .hasMessage("global_cosine" + sentence);
    assertThatThrownBy(() -> TorchOps.globalNorm(new NDList(a, b, a)))
        .hasMessage("global_norm" + sentence);
    assertThatThrownBy(() -> TorchOps.crossEntropy(b, b)).hasMessage("cross_entropy" + sentence);
    assertThatThrownBy(() -> TorchOps.grads(b, new NDList(b))).hasMessage("grads" + sentence);
    assertThat(a.getName()).isEqualTo("a");
    assertThat(b.getName()).isNull();
    assertThat(TorchOps.globalNorm(new NDList(a, b))).isPositive();
  }

  @Test
  void anEmptyListIsRefused() {
    assertThatThrownBy(() -> TorchOps.globalNorm(new NDList()))
        .hasMessage("global_norm was given no array as argument 1");
  }

  @Test
  void theSeedDecidesWhatTheEngineDraws() {
    TorchOps.seed(5);
    float[] first = manager.randomNormal(new Shape(4)).toFloatArray();
    float[] second = manager.randomNormal(new Shape(4)).toFloatArray();
    TorchOps.seed(5);
    assertThat(manager.randomNormal(new Shape(4)).toFloatArray())
        .isEqualTo(first)
        .isNotEqualTo(second);
  }
}
