package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void aFullDiskIsToldWithTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("weights"), "earlier");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      throw new IOException("No space left on device");
                    }))
        .hasMessage(file + ": No space left on device");
    assertThat(file).hasContent("earlier");
  }

  @Test
  void replacesTheFileAndMakesItsParents() throws IOException {
    Path file = folder.resolve("a/b/result.json");
    AtomicFiles.writeString(file, "first");
    AtomicFiles.writeString(file, "zweite Fassung: grün");

    assertThat(file).hasContent("zweite Fassung: grün");
    assertThat(entries(file.getParent())).containsExactly(file);
  }

  @Test
  void aFailureLeavesTheEarlierFileAndNothingElse() throws IOException {
    Path file = folder.resolve("result.json");
    AtomicFiles.writeString(file, "earlier");

    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IllegalStateException("diverged");
                    }))
        .hasMessage("diverged");
    assertThat(file).hasContent("earlier");
    assertThat(entries(folder)).containsExactly(file);
  }

  @Test
  void aNewFileIsNeverPutOverAnotherOne() throws IOException {
    Path file = folder.resolve("a/mine.toml");
    AtomicFiles.writeNewString(file, "mine");
    assertThatThrownBy(() -> AtomicFiles.writeNewString(file, "other"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
    assertThat(entries(file.getParent())).containsExactly(file);
  }

  @Test
  void contentMayCloseItsStream() throws IOException {
    Path file = folder.resolve("result.json");
    AtomicFiles.write(
        file,
        out -> {
          out.write("{}".getBytes());
          out.close();
        });

    assertThat(file).hasContent("{}");
  }

  @Test
  void aFolderMayBeALink() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    AtomicFiles.writeString(link.resolve("x"), "there");

    assertThat(real.resolve("x")).hasContent("there");
  }

  @Test
  void writesBesideTheTargetUntilTheContentIsComplete() throws IOException {
    Path file = folder.resolve("result.json");
    AtomicFiles.write(
        file,
        out -> {
          assertThat(entries(folder))
              .singleElement()
              .satisfies(
                  t ->
                      assertThat(t.getFileName().toString())
                          .startsWith(".result.json.tmp-" + ProcessHandle.current().pid() + "-"));
          out.write('x');
        });

    assertThat(file).hasContent("x");
  }

  @Test
  void whatKilledWritersLeftIsRemovedAndNothingElse() throws IOException {
    List<Path> kept = new ArrayList<>();
    for (String name : List.of("a", ".lock", "a.tmp-1-0", ".a.tmp-1-0.txt", ".a.tmp-x-0")) {
      kept.add(Files.writeString(folder.resolve(name), ""));
    }
    Path below = Files.createDirectory(folder.resolve("below"));
    kept.add(below);
    Path other = Files.writeString(below.resolve(".a.tmp-1-0"), "");
    AtomicFiles.write(
        folder.resolve("result.json"),
        out -> {
          Path written =
              entries(folder).stream()
                  .filter(file -> !kept.contains(file))
                  .findFirst()
                  .orElseThrow();
          Files.copy(written, folder.resolve(written.getFileName() + "1"));
        });
    kept.add(folder.resolve("result.json"));
    assertThat(entries(folder)).hasSize(kept.size() + 1);

    AtomicFiles.removeLeftovers(folder);
    assertThat(entries(folder)).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(other).exists();
  }

  @Test
  void twoWritersOfOneFileDoNotMixTheirContent() throws Exception {
    Path file = folder.resolve("result.json");
    CountDownLatch bothOpen = new CountDownLatch(2);
    Thread other = new Thread(() -> writeWhenBothAreOpen(file, bothOpen, "b"));
    other.start();
    writeWhenBothAreOpen(file, bothOpen, "a");
    other.join();

    assertThat(Files.readString(file)).isIn("aaaa", "bbbb");
    assertThat(entries(folder)).containsExactly(file);
  }

  private static void writeWhenBothAreOpen(Path file, CountDownLatch bothOpen, String letter) {
    try {
      AtomicFiles.write(
          file,
          out -> {
            bothOpen.countDown();
            try {
              bothOpen.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            out.write(letter.repeat(4).getBytes());
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhyAFileCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("plain"), "");

    assertThatThrownBy(() -> AtomicFiles.writeString(folder.resolve("plain/x.json"), ""))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write ")
        .hasMessageEndingWith("plain is a file, not a folder");
    assertThatThrownBy(() -> AtomicFiles.writeString(folder, ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a folder");
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
