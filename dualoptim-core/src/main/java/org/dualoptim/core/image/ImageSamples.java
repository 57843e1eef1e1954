package org.dualoptim.core.image;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;

/**
 * Images as samples: [B,C,H,W] floats of 0..1, laid out with their channels innermost.
 *
 * <p>An array of a batch reads a Java buffer in place. The buffer goes back to a pool when the
 * batch's manager closes, so memory stays flat without waiting for the garbage collector.
 */
public final class ImageSamples implements Samples {
  private final ImageSet images;
  private final Augmentation augmentation;
  private final Queue<BatchBuffer> pool = new ConcurrentLinkedQueue<>();

  /**
   * @param images the rows
   * @param augmentation how training batches vary them
   */
  public ImageSamples(ImageSet images, Augmentation augmentation) {
    this.images = images;
    this.augmentation = augmentation;
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public LabeledBatch load(int[] rows, NDManager manager) {
    return assemble(new Augmentation.None(), rows, place -> null, manager);
  }

  @Override
  public LabeledBatch augmented(
      int[] rows, IntFunction<RandomGenerator> random, NDManager manager) {
    return assemble(augmentation, rows, random, manager);
  }

  private LabeledBatch assemble(
      Augmentation how, int[] rows, IntFunction<RandomGenerator> random, NDManager manager) {
    BatchBuffer pooled = pool.poll();
    BatchBuffer buffer =
        pooled != null && pooled.capacity() >= rows.length
            ? pooled
            : new BatchBuffer(rows.length, images);
    manager.attachInternal(UUID.randomUUID().toString(), () -> pool.add(buffer));
    new BatchAssembler(images, how)
        .fill(rows, 0, rows.length, place -> random.apply((int) place), buffer);
    Shape shape = new Shape(rows.length, images.height(), images.width(), images.channels());
    NDArray interleaved = manager.create(buffer.bytes(), shape, DataType.FLOAT32);
    return new LabeledBatch(interleaved.transpose(0, 3, 1, 2), manager.create(buffer.labels()));
  }
}
