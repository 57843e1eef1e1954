package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.dualoptim.core.data.Draws;
import org.dualoptim.core.image.Augmentation.Crop;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {
  private static final int H = 5;
  private static final int W = 7;
  private static final ImageSet IMAGES = images();
  private static final LongFunction<RandomGenerator> DRAWS = k -> new Draws(3).at("augment", 0, k);
  private static final Augmentation PUBLISHED = new Augmentation.PadCropFlip(4, 0.5);

  private static ImageSet images() {
    byte[] pixels = new byte[10 * 3 * H * W];
    new Random(1).nextBytes(pixels);
    int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
    return new ImageSet(3, H, W, pixels, labels, List.of("a", "b", "c"));
  }

  private static float[] fill(Augmentation augmentation, int[] order, int from, int to) {
    BatchBuffer buffer = new BatchBuffer(to - from, IMAGES);
    new BatchAssembler(IMAGES, augmentation).fill(order, from, to, DRAWS, buffer);
    return floats(buffer);
  }

  private static float[] floats(BatchBuffer buffer) {
    FloatBuffer values = buffer.bytes().asFloatBuffer();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
  }

  /** The definition, value by value: what output (y, x, c) shows. */
  private static float shown(int image, Crop crop, int y, int x, int c) {
    int from = (crop.mirrored() ? W - 1 - x : x) + crop.left();
    int row = y + crop.top();
    if (row < 0 || row >= H || from < 0 || from >= W) {
      return 0;
    }
    return (IMAGES.pixels()[IMAGES.offset(image) + (c * H + row) * W + from] & 0xff) / 255f;
  }

  @Test
  void everyPixelIsWhereTheCropPutsIt() {
    int[] order = {9, 0, 3, 3, 7, 1, 2, 8};
    // pads beyond the image's own width too
    for (int pad : new int[] {0, 1, 4, 9}) {
      Augmentation augmentation = new Augmentation.PadCropFlip(pad, 0.5);
      float[] got = fill(augmentation, order, 0, order.length);
      int at = 0;
      for (int k = 0; k < order.length; k++) {
        Crop crop = augmentation.crop(DRAWS.apply(k));
        for (int y = 0; y < H; y++) {
          for (int x = 0; x < W; x++) {
            for (int c = 0; c < 3; c++, at++) {
              assertThat(got[at]).isEqualTo(shown(order[k], crop, y, x, c));
            }
          }
        }
      }
    }
  }

  @Test
  void withoutAugmentationAllValuesAppearChannelsLast() {
    float[] got = fill(new Augmentation.None(), new int[] {4}, 0, 1);
    assertThat(got[3 * W + 3 * 2 + 1]).isEqualTo(shown(4, Crop.WHOLE, 1, 2, 1));
    assertThat(got).hasSize(3 * H * W);
  }

  @Test
  void cropsCoverTheirRangeAndHalfAreMirrored() {
    Set<Integer> tops = new HashSet<>();
    Set<Integer> lefts = new HashSet<>();
    int mirrored = 0;
    for (int k = 0; k < 2000; k++) {
      Crop crop = PUBLISHED.crop(DRAWS.apply(k));
      tops.add(crop.top());
      lefts.add(crop.left());
      mirrored += crop.mirrored() ? 1 : 0;
    }
    assertThat(tops).containsExactlyInAnyOrder(-4, -3, -2, -1, 0, 1, 2, 3, 4);
    assertThat(lefts).isEqualTo(tops);
    assertThat(mirrored).isBetween(900, 1100);
  }

  @Test
  void anImageLooksTheSameHoweverThePassIsCut() {
    int[] order = {5, 4, 3, 2, 1, 0};
    float[] whole = fill(PUBLISHED, order, 0, 6);
    float[] end = fill(PUBLISHED, order, 4, 6);
    int image = 3 * H * W;
    assertThat(end).isEqualTo(Arrays.copyOfRange(whole, 4 * image, 6 * image));
  }

  @Test
  void aSmallerBatchLeavesNothingOfTheLargerOne() {
    BatchBuffer buffer = new BatchBuffer(4, IMAGES);
    BatchAssembler assembler = new BatchAssembler(IMAGES, new Augmentation.None());
    int[] order = {0, 1, 2, 3, 4, 5};
    assembler.fill(order, 0, 4, DRAWS, buffer);
    assertThat(buffer.labels()).containsExactly(0, 1, 2, 0);
    assembler.fill(order, 4, 6, DRAWS, buffer);
    assertThat(buffer.count()).isEqualTo(2);
    assertThat(buffer.labels()).containsExactly(1, 2);
    assertThat(floats(buffer)).isEqualTo(fill(new Augmentation.None(), order, 4, 6));
  }

  @Test
  void subsetsKeepTheirOwnPositions() {
    ImageSet odd = IMAGES.subset(new int[] {1, 3, 5, 7, 9}).subset(new int[] {4, 0});
    assertThat(odd.size()).isEqualTo(2);
    assertThat(odd.row(0)).isEqualTo(9);
    assertThat(odd.labels()).containsExactly(0, 1);
    assertThat(odd.pixels()).isSameAs(IMAGES.pixels());
    BatchBuffer buffer = new BatchBuffer(1, odd);
    new BatchAssembler(odd, new Augmentation.None()).fill(new int[] {1}, 0, 1, DRAWS, buffer);
    assertThat(floats(buffer)).isEqualTo(fill(new Augmentation.None(), new int[] {1}, 0, 1));
  }

  @Test
  void threadsWithTheirOwnBuffersDisturbNobody() throws Exception {
    int[] order = new SplittableRandom(1).ints(64, 0, 10).toArray();
    float[] expected = fill(PUBLISHED, order, 0, 64);
    BatchAssembler assembler = new BatchAssembler(IMAGES, PUBLISHED);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        results.add(
            threads.submit(
                () -> {
                  BatchBuffer buffer = new BatchBuffer(64, IMAGES);
                  assembler.fill(order, 0, 64, DRAWS, buffer);
                  return floats(buffer);
                }));
      }
      for (Future<float[]> result : results) {
        assertThat(result.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aBufferThatDoesNotFitIsRefused() {
    BatchAssembler assembler = new BatchAssembler(IMAGES, PUBLISHED);
    assertThatThrownBy(() -> assembler.fill(new int[3], 0, 3, DRAWS, new BatchBuffer(2, IMAGES)))
        .hasMessage("a batch of 3 images does not fit a buffer for 2; allocate a larger one");
    ImageSet other = new ImageSet(1, 1, 2, new byte[2], new int[1], List.of("x"));
    assertThatThrownBy(() -> assembler.fill(new int[3], 0, 1, DRAWS, new BatchBuffer(2, other)))
        .hasMessageContaining("allocate one for this set");
    assertThatThrownBy(() -> new Augmentation.PadCropFlip(-1, 0.5))
        .hasMessage("pad must be in [0, 256], got -1");
    assertThatThrownBy(() -> new Augmentation.PadCropFlip(4, 1.5))
        .hasMessage("flip must be in [0.0, 1.0], got 1.5");
  }

  @Test
  void imageSetsRefuseWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> new ImageSet(3, 2, 2, new byte[11], new int[1], List.of("x")))
        .hasMessage("pixels must be 12 bytes (1 images of 3x2x2), got 11");
    assertThatThrownBy(() -> new ImageSet(1, 1, 1, new byte[1], new int[] {1}, List.of("x")))
        .hasMessage("label of image 0 must be in 0..0, got 1");
  }

  @Test
  void normalizationIsThePopulationMeanAndDeviation() {
    byte[] pixels = {0, (byte) 255, 51, 51};
    ImageSet set = new ImageSet(2, 1, 2, pixels, new int[1], List.of("x"));
    Normalization normalization = Normalization.of(set);
    assertThat(normalization.mean()).containsExactly(0.5, 0.2);
    assertThat(normalization.std()).containsExactly(0.5, 1.0);
  }
}
