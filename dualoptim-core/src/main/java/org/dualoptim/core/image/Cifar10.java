package org.dualoptim.core.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * CIFAR-10 in its official binary form: {@code data_batch_1.bin} to {@code data_batch_5.bin} and
 * {@code test_batch.bin} under the data root or its {@code cifar-10-batches-bin}. A row is one
 * label byte and 3,072 pixel bytes (red, green and blue plane of 32x32, row-major). A file may hold
 * fewer than the official 10,000 rows, but only whole ones.
 *
 * <p>Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.
 */
public record Cifar10() implements ImageSource {
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
  private static final List<String> TRAIN =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");
  private static final String TEST = "test_batch.bin";
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(.4914, .4822, .4465), List.of(.2470, .2435, .2616));
  private static final String HOW_TO_GET =
      "download the binary version of CIFAR-10 from https://www.cs.toronto.edu/~kriz/cifar.html and"
          + " unpack it so that this file exists";

  @Override
  public ImageData load(DataRoots roots) throws IOException {
    Path folder = roots.find(List.of("", "cifar-10-batches-bin"), TEST, HOW_TO_GET);
    CifarFiles files = new CifarFiles(folder, List.of(CLASSES.size()), HOW_TO_GET);
    return new ImageData(
        files.read(TRAIN, CLASSES), files.read(List.of(TEST), CLASSES), NORMALIZATION);
  }
}
