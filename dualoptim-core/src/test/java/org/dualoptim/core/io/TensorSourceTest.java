package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views of tensors: renamed, cut to a prefix, joined; nothing is read before it is asked for. */
class TensorSourceTest {
  private static final HostTensor ONE = HostTensor.scalar(1);
  private static final HostTensor TWO = HostTensor.of(new float[] {2, 2}, 2);

  @Test
  void aPrefixIsCutAndTensorsOutsideItAreLeftOut() throws IOException {
    TensorSource under = source("weights/a", "weights/b", "optimizer/a").under("weights/");

    assertThat(under.names()).containsExactly("a", "b");
    assertThat(under.tensor("a")).isEqualTo(ONE);
    assertThat(under.shape("b")).containsExactly(2);
    assertThat(under.dtype("b")).isEqualTo(DType.F32);
    assertThatThrownBy(() -> under.tensor("optimizer/a"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no tensor named 'optimizer/a'");
  }

  @Test
  void twoTensorsCannotTakeOneName() {
    assertThatThrownBy(() -> source("a", "b").renamed(name -> "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("both a and b would be named c");
    assertThatThrownBy(() -> TensorSource.joined(List.of(source("a"), source("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("two tensors are named 'a'");
  }

  @Test
  void joinedSourcesKeepTheirOrderAndAreReadOneByOne() throws IOException {
    List<String> read = new ArrayList<>();
    TensorSource joined =
        TensorSource.joined(List.of(watched(source("b", "a"), read), watched(source("c"), read)));

    assertThat(joined.names()).containsExactly("b", "a", "c");
    assertThat(joined.shape("a")).containsExactly(2);
    assertThat(read).isEmpty();
    assertThat(joined.readAll())
        .containsExactly(Map.entry("b", ONE), Map.entry("a", TWO), Map.entry("c", ONE));
    assertThat(read).containsExactly("b", "a", "c");
  }

  @Test
  void closingAViewClosesWhatItLooksAt() throws IOException {
    List<String> read = new ArrayList<>();
    TensorSource.joined(List.of(watched(source("a"), read).renamed(name -> "x/" + name))).close();
    assertThat(read).containsExactly("closed");
  }

  @Test
  void textInPlaceOfWeightsIsNamedForWhatItIs(@TempDir Path folder) throws IOException {
    Path pointer =
        Files.writeString(
            folder.resolve("model.pth"),
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
    assertThatThrownBy(() -> TensorSource.open(pointer))
        .isInstanceOf(IOException.class)
        .hasMessage(
            pointer
                + " holds text, neither safetensors nor a torch checkpoint: it begins with"
                + " \"version https://git-lfs.github.com/spec/v1\"; it is a Git LFS pointer: fetch the"
                + " file itself with git lfs pull");

    Path page =
        Files.writeString(folder.resolve("model.safetensors"), "<!DOCTYPE html>\n<html>404");
    assertThatThrownBy(() -> TensorSource.open(page))
        .isInstanceOf(IOException.class)
        .hasMessage(
            page
                + " holds text, neither safetensors nor a torch checkpoint: it begins with \"<!DOCTYPE html>\"");
  }

  @Test
  void aFileNamedLikeATorchCheckpointIsJudgedAsOne(@TempDir Path folder) throws IOException {
    for (byte[] content : new byte[][] {"hello".getBytes(), {}, {-1, -1, -1, -1, -1, -1, -1, -1}}) {
      Path file = Files.write(folder.resolve("model.PT"), content);
      assertThatThrownBy(() -> TensorSource.open(file))
          .isInstanceOf(IOException.class)
          .hasMessage(file + " is not a PyTorch checkpoint: it is neither a zip nor a pickle");
    }
  }

  /** In turn a scalar and a vector under the given names. */
  private static TensorSource source(String... names) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, tensors.size() % 2 == 0 ? ONE : TWO);
    }
    return TensorSource.of(tensors, Map.of());
  }

  private static TensorSource watched(TensorSource source, List<String> events) {
    return new TensorSource() {
      @Override
      public Set<String> names() {
        return source.names();
      }

      @Override
      public Map<String, String> metadata() {
        return source.metadata();
      }

      @Override
      public DType dtype(String name) {
        return source.dtype(name);
      }

      @Override
      public long[] shape(String name) {
        return source.shape(name);
      }

      @Override
      public HostTensor tensor(String name) throws IOException {
        events.add(name);
        return source.tensor(name);
      }

      @Override
      public void close() {
        events.add("closed");
      }
    };
  }
}
