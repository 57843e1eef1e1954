package org.dualoptim.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.dualoptim.core.data.LabeledBatch;
import org.dualoptim.core.data.Samples;

/**
 * The rows of a DJL dataset as its own iterator would serve them, pipelines and batchifiers
 * included: the first array of its data, and the first of its labels as class indices.
 */
record DatasetSamples(RandomAccessDataset dataset) implements Samples {

  @Override
  public int size() {
    return Math.toIntExact(dataset.size());
  }

  @Override
  public LabeledBatch load(int[] rows, NDManager manager) {
    List<Long> indices = Arrays.stream(rows).mapToObj(Long::valueOf).toList();
    try {
      Batch batch = dataset.getData(manager, new OneBatch(indices)).iterator().next();
      if (batch.getLabels().isEmpty()) {
        throw new IllegalStateException("the dataset has no labels: give each row its class");
      }
      NDArray inputs = batch.getData().get(0);
      NDArray labels = batch.getLabels().get(0);
      if (labels.size() != rows.length) {
        throw new IllegalStateException(
            "the labels of "
                + rows.length
                + " rows have the shape "
                + labels.getShape()
                + ": give each row one class index");
      }
      return new LabeledBatch(
          owned(inputs, manager),
          owned(labels.reshape(rows.length).toType(DataType.INT64, false), manager));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalStateException("the dataset's pipeline failed: " + e.getMessage(), e);
    }
  }

  private static NDArray owned(NDArray array, NDManager manager) {
    NDArray here = array.toDevice(manager.getDevice(), false);
    here.attach(manager);
    return here;
  }

  /** Serves some rows as one batch. */
  private record OneBatch(List<Long> rows) implements Sampler {

    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
      return List.of(rows).iterator();
    }

    @Override
    public int getBatchSize() {
      return rows.size();
    }
  }
}
