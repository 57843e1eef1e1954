package org.dualoptim.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dualoptim.core.tensor.TorchOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for other runs, and that a damaged file costs nothing but time. */
class KeptArtefactsTest {
  private record Description(String rule, double level) {}

  private static final Description MASK = new Description("top", 0.5);

  @TempDir private Path folder;
  private final AtomicInteger computed = new AtomicInteger();
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void anEqualDescriptionIsComputedOnce() {
    NDList first = get(folder, 1, MASK);
    NDList second = get(folder, 1, new Description("top", 0.5));

    assertThat(computed).hasValue(1);
    assertThat(second).hasSize(2);
    assertThat(second.get(0)).isEqualTo(first.get(0));
    assertThat(second.get(1).toBooleanArray()).containsExactly(true, false);
  }

  /** A sum in another memory order differs in its last bits, and so would a resumed run. */
  @Test
  void anArrayComesBackInItsMemoryFormat() {
    Supplier<NDList> made =
        () ->
            new NDList(
                manager.ones(new Shape(2, 3)),
                TorchOps.channelsLast(manager.randomNormal(new Shape(8, 5, 3, 3))));
    KeptArtefacts kept = new KeptArtefacts(folder, Map.of());
    NDList first = kept.get("kernels", manager, made);
    NDList second = kept.get("kernels", manager, made);

    assertThat(second.get(1)).isEqualTo(first.get(1));
    for (int i = 0; i < 2; i++) {
      assertThat(TorchOps.strides(second.get(i))).containsExactly(TorchOps.strides(first.get(i)));
    }
    assertThat(second.get(1).getManager()).isSameAs(manager);
  }

  @Test
  void anythingElseIsComputedAnew() throws IOException {
    get(folder, 1, MASK);
    get(folder, 2, MASK);
    get(folder, 1, new Description("top", 0.25));
    get(folder, 1, new Description("bottom", 0.5));

    assertThat(computed).hasValue(4);
    assertThat(files()).hasSize(4);
  }

  @Test
  void aDamagedFileIsComputedAgainAndReplaced() throws IOException {
    get(folder, 1, MASK);
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));

    assertThat(get(folder, 1, MASK)).hasSize(2);

    assertThat(computed).hasValue(2);
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
  }

  @Test
  void aFileOfSomethingElseIsNotTaken() throws IOException {
    get(folder, 1, MASK);
    Path mask = files().get(0);
    Path other = folder.resolve("other");
    get(other, 2, MASK);
    try (Stream<Path> others = Files.list(other)) {
      Files.copy(
          others.findFirst().orElseThrow(),
          mask,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    get(folder, 1, MASK);

    assertThat(computed).hasValue(3);
  }

  @Test
  void aPlaceThatCannotBeWrittenDoesNotStopTheRun() throws IOException {
    Path notFolder = Files.writeString(folder.resolve("file"), "");

    assertThat(get(notFolder, 1, MASK)).hasSize(2);
  }

  private NDList get(Path where, long seed, Description what) {
    return new KeptArtefacts(where, Map.of("seed", seed))
        .get(
            what,
            manager,
            () -> {
              computed.incrementAndGet();
              return new NDList(
                  manager.create(new float[] {1, 2, 3}),
                  manager.create(new boolean[] {true, false}));
            });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".safetensors")).toList();
    }
  }
}
