package org.dualoptim.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.dualoptim.core.recipe.RecipeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SentenceTest {
  private static final String TRACE =
      "The following operation failed in the TorchScript interpreter.\n"
          + "Traceback of TorchScript, serialized code (most recent call last):\n"
          + "  File \"code/__torch__.py\", line 12, in grads\n"
          + "RuntimeError: ";

  static Stream<Arguments> fileErrors() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("a.pth"), "a.pth: no such file"),
        Arguments.of(new AccessDeniedException("runs"), "runs: permission denied"),
        Arguments.of(new FileAlreadyExistsException("runs"), "runs: already exists"),
        Arguments.of(new DirectoryNotEmptyException("runs"), "runs: the folder is not empty"),
        Arguments.of(new FileSystemException("w", null, "No space left on device"), "w: disk full"),
        Arguments.of(
            new FileSystemException("w", "v", "Invalid cross-device link"),
            "w -> v: Invalid cross-device link"),
        Arguments.of(
            new IOException("No space left on device"), "disk full: No space left on device"),
        Arguments.of(
            new UnknownHostException("mlrepo.djl.ai"),
            "mlrepo.djl.ai: host not found; check the network, or work offline with local files"),
        Arguments.of(new EOFException(), "a file ends too early; it may be truncated"),
        Arguments.of(
            new MalformedInputException(1), "a file is not UTF-8 text (Input length = 1)"));
  }

  @ParameterizedTest
  @MethodSource("fileErrors")
  void fileErrorsReadLikeASentence(Throwable thrown, String sentence) {
    assertThat(Sentence.of(thrown)).isEqualTo(sentence);
    assertThat(Sentence.of(new UncheckedIOException((IOException) thrown))).isEqualTo(sentence);
  }

  @Test
  void theJdkReallyThrowsWhatWeTranslate(@TempDir Path dir) {
    Path missing = dir.resolve("missing");
    try {
      Files.readString(missing);
    } catch (IOException e) {
      assertThat(Sentence.of(e)).isEqualTo(missing + ": no such file");
    }
  }

  @Test
  void ourOwnSentenceWinsOverItsWrappers() {
    var e =
        new ExecutionException(
            new IllegalStateException(
                "provision failed", new RecipeException("a.toml: lr must be > 0, got 0.")));
    assertThat(Sentence.of(e)).isEqualTo("a.toml: lr must be > 0, got 0");
  }

  @Test
  void nativeBacktracesAreCutAfterTheirFirstLine() {
    var e =
        new IllegalStateException(
            "mat1 and mat2 shapes cannot be multiplied\nException raised from meta at ...\nframe #0");
    assertThat(Sentence.of(e)).isEqualTo("mat1 and mat2 shapes cannot be multiplied");
  }

  @Test
  void mistakesInTheCodeSaySo() {
    assertThat(Sentence.of(new NullPointerException("x is null")))
        .startsWith("internal error")
        .endsWith("NullPointerException: x is null");
  }

  @Test
  void aFullHeapSaysWhatToDo() {
    assertThat(Sentence.of(new OutOfMemoryError("Java heap space")))
        .contains("Java heap space")
        .contains("-Xmx");
  }

  @Test
  void anEngineWithoutMemorySaysHowMuchItAskedForAndWhatToDo() {
    String cpu =
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 43980465111 bytes. Error code 12 (Cannot allocate memory)\nframe #0: c10";
    String cuda =
        "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 8.00 GiB";
    String sentence =
        "out of memory: the engine asked for %s at once; use a smaller batch, smaller images or a smaller network, or close other programs";
    assertThat(Sentence.of(new EngineException(cpu))).isEqualTo(sentence.formatted("41.0 GiB"));
    assertThat(Sentence.of(new EngineException(TRACE + cpu)))
        .isEqualTo(sentence.formatted("41.0 GiB"));
    assertThat(Sentence.of(new EngineException(cuda))).isEqualTo(sentence.formatted("20.00 GiB"));
  }

  @Test
  void anEngineThatDoesNotStartSaysWhy() {
    var e = new EngineException("Failed to extract", new NoSuchFileException("/proc/x"));
    assertThat(Sentence.of(e))
        .isEqualTo(
            "Failed to extract: /proc/x: no such file; `dualoptim doctor` says what it needs");
  }

  @Test
  void exceptionsWithoutAMessageShowTheirName() {
    assertThat(Sentence.of(new IllegalStateException())).isEqualTo("IllegalStateException");
  }

  @Test
  void endlessMessagesAreCut() {
    assertThat(Sentence.of(new IOException("x".repeat(10_000)))).hasSize(600).endsWith("…");
  }

  @Test
  void anOperatorsErrorIsTheLineBelowItsTrace() {
    String message = TRACE + "grad can be implicitly created only for scalar outputs\n";
    assertThat(Sentence.of(new IllegalStateException(message)))
        .isEqualTo("grad can be implicitly created only for scalar outputs");
  }
}
