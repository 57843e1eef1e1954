package org.dualoptim.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dualoptim.core.run.DataMissingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void sixTinyFiles() throws IOException {
    folder = Files.createDirectories(root.resolve("cifar-10-batches-bin"));
    for (int batch = 1; batch <= 5; batch++) {
      Files.write(folder.resolve("data_batch_" + batch + ".bin"), rows(batch, batch + 1));
    }
    Files.write(folder.resolve("test_batch.bin"), rows(9));
  }

  /** One row a label; the pixels of its three planes are label + 10, + 20 and + 30. */
  private static byte[] rows(int... labels) {
    byte[] bytes = new byte[labels.length * 3073];
    for (int r = 0; r < labels.length; r++) {
      int at = r * 3073;
      bytes[at++] = (byte) labels[r];
      for (int c = 1; c <= 3; c++, at += 1024) {
        Arrays.fill(bytes, at, at + 1024, (byte) (labels[r] + 10 * c));
      }
    }
    return bytes;
  }

  private ImageData load() throws IOException {
    return new Cifar10().load(new DataRoots(List.of(root)));
  }

  @Test
  void readsShortBatchesInTheirOrder() throws IOException {
    ImageData data = load();
    assertThat(data.train().labels()).containsExactly(1, 2, 2, 3, 3, 4, 4, 5, 5, 6);
    assertThat(data.test().labels()).containsExactly(9);
    assertThat(data.classes()).hasSize(10).startsWith("airplane").endsWith("truck");
    int at = data.train().offset(7);
    assertThat(data.train().pixels()[at]).isEqualTo((byte) 15);
    assertThat(data.train().pixels()[at + 1024]).isEqualTo((byte) 25);
    assertThat(data.train().pixels()[at + 3071]).isEqualTo((byte) 35);
    assertThat(data.normalization().std()).containsExactly(.2470, .2435, .2616);
  }

  @Test
  void theDataRootMayBeTheFolderItself() throws IOException {
    assertThat(new Cifar10().load(new DataRoots(List.of(folder))).train().size()).isEqualTo(10);
  }

  @Test
  void aTruncatedFileIsNamedWithItsSizeAndRemainder() throws IOException {
    Path file = folder.resolve("data_batch_3.bin");
    Files.write(file, Arrays.copyOf(rows(1, 2), 5000));
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + " must hold one or more rows of 3073 bytes, but it has 5000 bytes, which leaves a"
                + " remainder of 1927; get the file again");
    Files.write(file, new byte[0]);
    assertThatThrownBy(this::load).hasMessage(file + " is empty; get the file again");
  }

  @Test
  void aLabelOutsideItsRangeIsNamedWithItsRow() throws IOException {
    Path file = folder.resolve("test_batch.bin");
    Files.write(file, rows(4, 10));
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + " is not a CIFAR file in binary form: row 1 has the label 10, which must be in"
                + " 0..9; get the file again");
  }

  @Test
  void missingFilesSayWhereTheyBelongAndWhereToGetThem() throws IOException {
    Files.delete(folder.resolve("data_batch_4.bin"));
    assertThatThrownBy(this::load)
        .isInstanceOf(DataMissingException.class)
        .hasMessageContaining(folder.resolve("data_batch_4.bin").toString())
        .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar.html");
    Path empty = Files.createDirectory(root.resolve("empty"));
    assertThatThrownBy(() -> new Cifar10().load(new DataRoots(List.of(empty))))
        .isInstanceOf(DataMissingException.class)
        .hasMessageContaining(empty.resolve("cifar-10-batches-bin/test_batch.bin").toString());
    assertThatThrownBy(() -> new Cifar10().load(DataRoots.of(null, Map.of())))
        .isInstanceOf(DataMissingException.class)
        .hasMessageEndingWith(
            "unpack it so that this file exists, then name the folder above cifar-10-batches-bin"
                + " with --data DIR or DUALOPTIM_DATA");
    assertThatThrownBy(() -> new Cifar10().load(new DataRoots(List.of(Path.of("nowhere")))))
        .hasMessageStartingWith("no data at " + Path.of("nowhere").toAbsolutePath());
  }

  @Test
  void cifar100UsesTheFineLabel() throws IOException {
    Path hundred = Files.createDirectories(root.resolve("cifar-100-binary"));
    byte[] row = new byte[3074];
    row[0] = 19;
    row[1] = 99;
    row[2] = 7;
    Files.write(hundred.resolve("train.bin"), row);
    Files.write(hundred.resolve("test.bin"), row);
    ImageData data = new Cifar100().load(new DataRoots(List.of(root)));
    assertThat(data.train().label(0)).isEqualTo(99);
    assertThat(data.train().pixels()[0]).isEqualTo((byte) 7);
    assertThat(data.classes()).hasSize(100).doesNotHaveDuplicates().isSorted();

    row[0] = 20;
    Files.write(hundred.resolve("train.bin"), row);
    assertThatThrownBy(() -> new Cifar100().load(new DataRoots(List.of(root))))
        .hasMessageContaining("the label 20, which must be in 0..19");
  }

  @Test
  void theCommandLineComesBeforeTheEnvironment() {
    Path given = Path.of("given");
    assertThat(DataRoots.of(given, Map.of("DUALOPTIM_DATA", "named")).folders())
        .containsExactly(given);
    assertThat(DataRoots.of(null, Map.of("DUALOPTIM_DATA", "named")).folders())
        .containsExactly(Path.of("named"));
  }
}
