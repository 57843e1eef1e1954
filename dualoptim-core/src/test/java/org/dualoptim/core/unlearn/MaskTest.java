package org.dualoptim.core.unlearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.dualoptim.core.tensor.Scope;
import org.dualoptim.core.tensor.TorchOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.detached(manager);
  }

  @AfterEach
  void close() {
    scope.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.1, 0.5, 0.777, 0.999, 1})
  void ranksOverAllArraysLikeASort(double ratio) {
    Random random = new Random(3);
    float[] forget = new float[700];
    float[] retain = new float[700];
    for (int i = 0; i < 700; i++) {
      // six decades, many ties (quarters) and many zeros
      double scale = Math.pow(10, random.nextInt(7) - 6);
      forget[i] = i % 3 == 0 ? random.nextInt(4) / 4f : (float) (random.nextGaussian() * scale);
      retain[i] = i % 3 == 0 ? random.nextInt(4) / 4f : (float) (random.nextGaussian() * scale);
    }
    Integer[] order = IntStream.range(0, 700).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparing(i -> -(Math.abs(forget[i]) - Math.abs(retain[i]))));
    boolean[] want = new boolean[700];
    Arrays.stream(order).limit((long) Math.floor(ratio * 700)).forEach(i -> want[i] = true);

    NDList masks = Mask.topFraction(split(forget), split(retain), ratio, manager).masks();

    boolean[] got = new boolean[700];
    int at = 0;
    for (NDArray mask : masks) {
      for (boolean keep : mask.flatten().toBooleanArray()) {
        got[at++] = keep;
      }
    }
    assertThat(got).isEqualTo(want);
  }

  /** Float32 has no number between these scores. */
  @Test
  void ranksDoublesByAllTheirDigits() {
    double least = 1 + Math.ulp(1.0);
    NDList forget =
        new NDList(
            manager.create(new double[] {1, least, -1}),
            manager.create(new double[] {least, 1, 2 * least}, new Shape(3, 1)));
    NDList retain = new NDList(forget.stream().map(NDArray::zerosLike).toList());

    NDList masks = Mask.topFraction(forget, retain, 0.5, manager).masks();
    assertThat(masks.get(0).toBooleanArray()).containsExactly(false, true, false);
    assertThat(masks.get(1).flatten().toBooleanArray()).containsExactly(true, false, true);
    assertThat(masks.get(1).getShape()).isEqualTo(new Shape(3, 1));
  }

  private NDList split(float[] values) {
    NDArray kernel = manager.create(Arrays.copyOfRange(values, 0, 540), new Shape(10, 6, 3, 3));
    return new NDList(
        TorchOps.channelsLast(kernel), manager.create(Arrays.copyOfRange(values, 540, 700)));
  }

  @Test
  void keepsWhereTheForgetFisherIsLargeEnough() {
    NDList forget = new NDList(manager.create(new float[] {0, 2, 1, 0, 3}));
    NDList retain = new NDList(manager.create(new float[] {0, 1, 2, 1, 3}));

    assertThat(Mask.fisherRatio(forget, retain, 1, manager).masks().get(0).toBooleanArray())
        .containsExactly(true, true, false, false, true);
  }

  @Test
  void zeroesGradientsInPlace() {
    NDArray gradient = manager.create(new float[] {1, 2, 3});
    new Mask(new NDList(manager.create(new boolean[] {true, false, true})))
        .apply(new NDList(gradient), null);

    assertThat(gradient.toFloatArray()).containsExactly(1, 0, 3);
  }

  @Test
  void refusesGradientsThatAreNotNumbers() {
    NDList good = new NDList(manager.create(new float[] {1, 3e38f}));
    NDList broken = new NDList(manager.create(new float[] {1, Float.NaN}));
    String sentence =
        "a number of a mask's %s gradients is NaN: the model diverged, lower its learning rates";

    assertThatThrownBy(() -> Mask.topFraction(broken, good, 0.5, manager))
        .isInstanceOf(NotFiniteException.class)
        .hasMessage(sentence, "forget");
    assertThatThrownBy(() -> Mask.fisherRatio(good, broken, 1, manager))
        .isInstanceOf(NotFiniteException.class)
        .hasMessage(sentence, "retain");
  }

  @Test
  void clipsToTheGlobalNormAndLeavesShorterGradientsAlone() {
    NDArray a = manager.create(new float[] {3});
    NDArray b = manager.create(new float[] {4});
    new ClipGlobalNorm(10).apply(new NDList(a, b), null);
    assertThat(a.getFloat()).isEqualTo(3);

    new ClipGlobalNorm(1).apply(new NDList(a, b), null);
    assertThat(TorchOps.globalNorm(new NDList(a, b))).isBetween(0.99999, 1.0);
    assertThatThrownBy(() -> new ClipGlobalNorm(-1)).hasMessage("max_norm must be >= 0, got -1.0");
  }
}
