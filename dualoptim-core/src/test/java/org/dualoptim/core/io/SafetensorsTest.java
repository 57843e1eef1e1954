package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
  @TempDir Path folder;

  private static Map<String, HostTensor> oneOfEachType() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      int[] bytes = new int[3 * type.bytes()];
      Arrays.setAll(bytes, i -> i + 1);
      tensors.put("z-" + type, HostTensorTest.bytes(type, bytes));
    }
    tensors.put("scalar", HostTensor.scalar(-0f));
    tensors.put("empty", HostTensor.of(new float[0], 4, 0, 2));
    tensors.put("quoted \"name\" / ü", HostTensor.ofBytes(new byte[] {1, 2, 3}, 3, 1));
    return tensors;
  }

  @Test
  void everyTypeComesBackInOrderBitForBit() throws IOException {
    Path file = folder.resolve("all.safetensors");
    Map<String, String> metadata = Map.of("format", "pt", "note", "line\nbreak");
    Safetensors.write(file, oneOfEachType(), metadata);

    try (SafetensorsFile read = Safetensors.open(file)) {
      assertThat(read.readAll()).containsExactlyEntriesOf(oneOfEachType());
      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.dtype("z-BF16")).isEqualTo(DType.BF16);
      assertThat(read.shape("empty")).containsExactly(4, 0, 2);
      assertThat(read.contains("missing")).isFalse();
    }
  }

  @Test
  void headerIsPaddedAndEveryTensorIsAlignedToItsElements() throws IOException {
    Path file = folder.resolve("all.safetensors");
    Safetensors.write(file, oneOfEachType(), Map.of());

    try (FileBytes bytes = FileBytes.open(file)) {
      SafetensorsHeader header = SafetensorsHeader.read(bytes);
      assertThat(header.dataStart() % 8).isZero();
      assertThat(header.tensors())
          .allSatisfy(
              (name, entry) -> assertThat(entry.begin() % entry.dtype().bytes()).as(name).isZero());
      assertThat(header.metadata()).isEmpty();
    }
  }

  @Test
  void aFileWithoutTensorsIsAFile() throws IOException {
    Path file = folder.resolve("none.safetensors");
    Safetensors.write(file, Map.of(), Map.of());

    try (SafetensorsFile read = Safetensors.open(file)) {
      assertThat(read.names()).isEmpty();
    }
  }

  @Test
  void rewritingWhatIsBeingReadIsSafe() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, oneOfEachType(), Map.of());
    try (SafetensorsFile read = Safetensors.open(file)) {
      Safetensors.write(file, read, Map.of("copy", "yes"));
    }

    try (SafetensorsFile read = Safetensors.open(file)) {
      assertThat(read.readAll()).containsExactlyEntriesOf(oneOfEachType());
      assertThat(read.metadata()).containsEntry("copy", "yes");
    }
  }

  @Test
  void aTensorMayNotTakeTheNameOfTheMetadata() {
    Path file = folder.resolve("x.safetensors");

    assertThatThrownBy(
            () -> Safetensors.write(file, Map.of("__metadata__", HostTensor.scalar(1)), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void readsBeyondTwoGibibytes() throws IOException {
    long hole = (1L << 31) - 8; // the largest tensor is one byte short of what an int can count
    long beyond = 3 * hole;
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3,%d],\"data_offsets\":[0,%d]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
            .formatted(hole, beyond, beyond, beyond + 4);
    Path file = folder.resolve("large.safetensors");
    Files.write(file, file(header, 0));
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      long end = sparse.length() + beyond;
      sparse.setLength(end);
      sparse.seek(end);
      sparse.write(new byte[] {0, 0, (byte) 0xc0, 0x3f});
    }

    try (SafetensorsFile read = Safetensors.open(file)) {
      assertThat(read.tensor("b").floats()).containsExactly(1.5f);
      assertThatThrownBy(() -> read.tensor("a"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("one tensor must be smaller than 2 GiB");
    }
  }

  @Test
  void aFileCutAnywhereIsRefusedInOneSentence() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    Safetensors.write(whole, oneOfEachType(), Map.of("format", "pt"));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.safetensors");

    for (int length = 0; length < bytes.length; length += length < bytes.length - 8 ? 3 : 1) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Safetensors.open(cut))
          .as("cut to %d of %d bytes", length, bytes.length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(cut.toString())
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aFileThatShrinksAfterOpeningIsNoticed() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, Map.of("w", HostTensor.of(new float[8], 8)), Map.of());

    try (SafetensorsFile read = Safetensors.open(file)) {
      try (RandomAccessFile shrink = new RandomAccessFile(file.toFile(), "rw")) {
        shrink.setLength(shrink.length() - 1);
      }
      assertThatThrownBy(() -> read.tensor("w"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cut short since it was opened");
    }
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Path file = folder.resolve("x.safetensors");
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " does not exist");
    assertThatThrownBy(() -> Safetensors.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + " is not a file");

    Safetensors.write(file, Map.of(), Map.of());
    SafetensorsFile read = Safetensors.open(file);
    assertThatThrownBy(() -> read.tensor("fc.bias"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(file + " has no tensor named 'fc.bias'");
    read.close();
  }

  @Test
  void readingAfterCloseSaysSo() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Safetensors.write(file, Map.of("w", HostTensor.scalar(1)), Map.of());
    SafetensorsFile read = Safetensors.open(file);
    read.close();

    assertThatThrownBy(() -> read.tensor("w"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was closed");
  }

  static Stream<Arguments> hostileHeaders() {
    String f32 = "{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}";
    return Stream.of(
        Arguments.of("not JSON", "{\"a\":", "well-formed"),
        Arguments.of("not an object", "[1]      ", "must be an object"),
        Arguments.of("only spaces", "        ", "must be an object"),
        Arguments.of("goes on", "{} {}   ", "after the closing brace"),
        Arguments.of(
            "same tensor twice",
            tensors("a", f32.formatted("[1]", "[0,4]"), "a", f32.formatted("[1]", "[0,4]")),
            "Duplicate field 'a'"),
        Arguments.of(
            "same tensor twice, once escaped",
            tensors("a", f32.formatted("[1]", "[0,4]"), "\\u0061", f32.formatted("[1]", "[0,4]")),
            "Duplicate"),
        Arguments.of(
            "same field twice",
            tensors(
                "a", "{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"),
            "Duplicate"),
        Arguments.of(
            "unknown field",
            tensors("a", "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}"),
            "unknown field 'x'"),
        Arguments.of(
            "no shape", tensors("a", "{\"dtype\":\"F32\",\"data_offsets\":[0,4]}"), "must give a"),
        Arguments.of(
            "three offsets", tensors("a", f32.formatted("[1]", "[0,4,8]")), "two data_offsets"),
        Arguments.of(
            "unread type",
            tensors("a", "{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}"),
            "F8_E4M3"),
        Arguments.of(
            "negative dimension",
            tensors("a", f32.formatted("[-1,-1]", "[0,4]")),
            "impossible shape [-1, -1]"),
        Arguments.of(
            "product beyond a long",
            tensors("a", f32.formatted("[4294967296,4294967296]", "[0,4]")),
            "impossible shape"),
        Arguments.of(
            "product beyond a long, hidden by a zero",
            tensors("a", f32.formatted("[0,4294967296,4294967296]", "[0,0]")),
            "impossible shape"),
        Arguments.of(
            "bytes beyond a long",
            tensors("a", f32.formatted("[4611686018427387904]", "[0,4]")),
            "impossible shape"),
        Arguments.of(
            "number beyond a long",
            tensors("a", f32.formatted("[99999999999999999999]", "[0,4]")),
            "out of range"),
        Arguments.of(
            "broken number", tensors("a", f32.formatted("[1.0]", "[0,4]")), "whole numbers"),
        Arguments.of(
            "65 dimensions",
            tensors("a", f32.formatted(Arrays.toString(new long[65]), "[0,0]")),
            "more than 64"),
        Arguments.of(
            "shape too large for its bytes",
            tensors("a", f32.formatted("[1000000000]", "[0,4]")),
            "takes 4000000000"),
        Arguments.of(
            "end before begin",
            tensors("a", f32.formatted("[1]", "[4,0]")),
            "lies at bytes 4 to 0"),
        Arguments.of(
            "negative begin", tensors("a", f32.formatted("[2]", "[-4,4]")), "lies at bytes -4"),
        Arguments.of(
            "offsets that overflow",
            tensors("a", f32.formatted("[1]", "[9223372036854775807,-9223372036854775805]")),
            "lies at bytes"),
        Arguments.of(
            "end beyond the file",
            tensors("a", f32.formatted("[2]", "[0,8]")),
            "describes 8 bytes of tensors, but 4 follow"),
        Arguments.of("hole", tensors("a", f32.formatted("[0]", "[4,4]")), "begins at byte 4"),
        Arguments.of(
            "overlap",
            tensors("a", f32.formatted("[1]", "[0,4]"), "b", f32.formatted("[1]", "[0,4]")),
            "begins at byte 0"),
        Arguments.of("bytes that nobody owns", "{}      ", "describes 0 bytes"),
        Arguments.of(
            "metadata that is no text",
            "{\"__metadata__\":{\"n\":1}}",
            "__metadata__.n must be a string"),
        Arguments.of("deep nesting", "{\"a\":" + "[".repeat(100_000), "must be an object"));
  }

  private static String tensors(String... namesAndEntries) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < namesAndEntries.length; i += 2) {
      json.append(i == 0 ? "" : ",")
          .append('"')
          .append(namesAndEntries[i])
          .append("\":")
          .append(namesAndEntries[i + 1]);
    }
    return json.append('}').toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileHeaders")
  void aHostileHeaderIsRefusedInOneSentence(String what, String header, String reason)
      throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    Files.write(file, file(header, 4));

    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aHeaderLengthIsNotBelieved() throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    for (long length : new long[] {0, 1, 100, 100_000_001, Long.MAX_VALUE, -1}) {
      ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
      Files.write(file, bytes.array());

      assertThatThrownBy(() -> Safetensors.open(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "its header claims " + Long.toUnsignedString(length) + " bytes, the file has 24");
    }
  }

  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
