package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TorchPickleTest {
  private static final float[] SIX = {0, 1, 2, 3, 4, 5};

  @TempDir Path folder;

  /**
   * {state_dict: OrderedDict(module.w: 2x3, module.b: its second row), epoch: 7, best: 91.5, arch:
   * "resnet20", ok: True, extra: None}.
   */
  private static byte[] checkpoint() {
    PickleBytes pickle =
        PickleBytes.protocol(2)
            .op('}', 'q', 0, '(')
            .text("state_dict")
            .global("collections", "OrderedDict")
            .op(')', 'R', '(');
    pickle.text("module.w").tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1});
    pickle
        .text("module.b")
        .tensor("FloatStorage", "0", 6, 3, new long[] {3}, new long[] {1})
        .op('u');
    pickle.op('}').text("_metadata").op('}', 's', 'b'); // attributes of the ordered dictionary
    pickle
        .text("epoch")
        .op('K', 7)
        .text("best")
        .real(91.5)
        .text("arch")
        .text("resnet20")
        .text("ok")
        .op(0x88)
        .text("extra")
        .op('N');
    return pickle.op('u').stop();
  }

  private static Map<String, byte[]> entries(byte[] pickle) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("best/data.pkl", pickle);
    entries.put("best/byteorder", "little".getBytes());
    entries.put("best/data/0", PickleBytes.floats(SIX));
    entries.put("best/version", "3\n".getBytes());
    return entries;
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("best.pth"), bytes);
  }

  private TensorSource openZip(byte[] pickle) throws IOException {
    return TorchPickle.open(write(PickleBytes.zip(entries(pickle))));
  }

  static Stream<Arguments> bothFormats() {
    return Stream.of(
        Arguments.of("zip", PickleBytes.zip(entries(checkpoint()))),
        Arguments.of(
            "legacy", PickleBytes.legacy(checkpoint(), List.of("0"), 4, PickleBytes.floats(SIX))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bothFormats")
  void nestedTensorsAndScalarsAreNamedByTheirKeys(String format, byte[] bytes) throws IOException {
    try (TensorSource source = TensorSource.open(write(bytes))) {
      assertThat(source.names()).containsExactly("state_dict.module.w", "state_dict.module.b");
      assertThat(source.tensor("state_dict.module.w")).isEqualTo(HostTensor.of(SIX, 2, 3));
      assertThat(source.tensor("state_dict.module.b"))
          .isEqualTo(HostTensor.of(new float[] {3, 4, 5}, 3));
      assertThat(source.dtype("state_dict.module.b")).isEqualTo(DType.F32);
      assertThat(source.shape("state_dict.module.w")).containsExactly(2, 3);
      assertThat(source.metadata())
          .isEqualTo(Map.of("epoch", "7", "best", "91.5", "arch", "resnet20", "ok", "true"));
      assertThatThrownBy(() -> source.tensor("module.w"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("'module.w'");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bothFormats")
  void aFileCutAnywhereIsRefusedInOneSentence(String format, byte[] bytes) throws IOException {
    for (int length = 0; length < bytes.length; length += length < bytes.length - 8 ? 3 : 1) {
      Path file = write(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> TorchPickle.open(file))
          .as("cut to %d of %d bytes", length, bytes.length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bothFormats")
  void aChangedByteIsNoticedWhereThereAreChecksumsAndNeverBreaksTheReader(
      String format, byte[] bytes) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < bytes.length; i += 2) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 + random.nextInt(255));
      try (TensorSource source = TorchPickle.open(write(changed))) {
        Map<String, HostTensor> tensors = source.readAll();
        if (format.equals("zip")) {
          assertThat(tensors.values())
              .as("byte %d", i)
              .containsExactly(HostTensor.of(SIX, 2, 3), HostTensor.of(new float[] {3, 4, 5}, 3));
        }
      } catch (IOException refused) {
        assertThat(refused).hasMessageStartingWith(folder.toString()).hasMessageNotContaining("\n");
      }
    }
  }

  @Test
  void aStorageThatReachesBeyondTheFileMeansThatTheFileIsCutShort() throws IOException {
    byte[] pickle =
        PickleBytes.protocol(2)
            .op('}')
            .text("w")
            .tensor("FloatStorage", "0", 4000, 0, new long[] {4000}, new long[] {1})
            .op('s')
            .stop();
    byte[] whole = PickleBytes.legacy(pickle, List.of("0"), 4, PickleBytes.floats(new float[4000]));
    Path early = write(Arrays.copyOf(whole, 2000));
    assertThatThrownBy(() -> TorchPickle.open(early))
        .hasMessage(
            early
                + " is damaged: it is cut short: its storage 0 takes 16000 bytes, the whole file"
                + " has 2000");
    Path late = write(Arrays.copyOf(whole, whole.length - 4));
    assertThatThrownBy(() -> TorchPickle.open(late)).hasMessageEndingWith("; it is cut short");
    byte[] zip = PickleBytes.zip(entries(checkpoint()));
    Path archive = write(Arrays.copyOf(zip, zip.length - 30));
    assertThatThrownBy(() -> TorchPickle.open(archive))
        .hasMessageEndingWith("; the file may be cut short");
  }

  @Test
  void stridedViewsComeOutInCOrder() throws IOException {
    PickleBytes pickle = PickleBytes.protocol(2).op('}', '(');
    pickle
        .text("transposed")
        .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
    pickle.text("column").tensor("FloatStorage", "0", 6, 1, new long[] {2}, new long[] {3});
    pickle
        .text("channels_last")
        .tensor("FloatStorage", "0", 6, 0, new long[] {1, 2, 1, 3}, new long[] {6, 1, 6, 2});
    pickle.text("expanded").tensor("FloatStorage", "0", 6, 5, new long[] {2, 2}, new long[] {0, 0});
    pickle.text("scalar").tensor("FloatStorage", "0", 6, 4, new long[0], new long[0]);
    pickle.text("empty").tensor("FloatStorage", "0", 6, 6, new long[] {0, 3}, new long[] {3, 1});
    pickle.text("bits").tensor("IntStorage", "0", 6, 1, new long[] {1}, new long[] {1});

    try (TensorSource source = openZip(pickle.op('u').stop())) {
      assertThat(source.tensor("transposed"))
          .isEqualTo(HostTensor.of(new float[] {0, 3, 1, 4, 2, 5}, 3, 2));
      assertThat(source.tensor("column")).isEqualTo(HostTensor.of(new float[] {1, 4}, 2));
      assertThat(source.tensor("channels_last"))
          .isEqualTo(HostTensor.of(new float[] {0, 2, 4, 1, 3, 5}, 1, 2, 1, 3));
      assertThat(source.tensor("expanded"))
          .isEqualTo(HostTensor.of(new float[] {5, 5, 5, 5}, 2, 2));
      assertThat(source.tensor("scalar")).isEqualTo(HostTensor.scalar(4));
      assertThat(source.tensor("empty")).isEqualTo(HostTensor.of(new float[0], 0, 3));
      assertThat(source.tensor("bits").longs()).containsExactly(Float.floatToIntBits(1));
    }
  }

  @Test
  void everyStorageTypeHasItsElementType() throws IOException {
    Map<String, DType> types = new LinkedHashMap<>();
    types.put("DoubleStorage", DType.F64);
    types.put("FloatStorage", DType.F32);
    types.put("HalfStorage", DType.F16);
    types.put("BFloat16Storage", DType.BF16);
    types.put("LongStorage", DType.I64);
    types.put("IntStorage", DType.I32);
    types.put("ShortStorage", DType.I16);
    types.put("CharStorage", DType.I8);
    types.put("ByteStorage", DType.U8);
    types.put("BoolStorage", DType.BOOL);
    PickleBytes pickle = PickleBytes.protocol(2).op('}', '(');
    types
        .keySet()
        .forEach(type -> pickle.text(type).tensor(type, "0", 2, 0, new long[] {2}, new long[] {1}));

    try (TensorSource source = openZip(pickle.op('u').stop())) {
      for (Map.Entry<String, DType> type : types.entrySet()) {
        assertThat(source.tensor(type.getKey()).dtype()).isEqualTo(type.getValue());
        assertThat(source.tensor(type.getKey()).numel()).isEqualTo(2);
      }
    }
  }

  @Test
  void parametersListsSizesAndProtocolFourAreRead() throws IOException {
    PickleBytes pickle = PickleBytes.protocol(4).op(0x95).raw(new byte[8]).op('}', 0x94, '(');
    pickle.op(0x8c, 4).raw("list".getBytes()).op(0x94, ']', 0x94, '(');
    pickle
        .op(0x8c, 12)
        .raw("torch._utils".getBytes())
        .op(0x8c, 18)
        .raw("_rebuild_parameter".getBytes())
        .op(0x93);
    pickle
        .vector("0", 6)
        .op(0x88)
        .global("collections", "OrderedDict")
        .op(']', 0x85, 'R', 0x87, 'R');
    pickle.op('K', 3, 'J').int4(-2).op('e');
    pickle.text("size").global("torch", "Size").tuple(4, 5).op(0x85, 'R');
    pickle.op('K', 9).text("nine").text("same").op('h', 1, 'u');

    try (TensorSource source = openZip(pickle.stop())) {
      assertThat(source.names()).containsExactly("list.0");
      assertThat(source.metadata())
          .containsEntry("list.1", "3")
          .containsEntry("list.2", "-2")
          .containsEntry("9", "nine");
      assertThat(source.metadata())
          .containsEntry("size.0", "4")
          .containsEntry("size.1", "5")
          .containsEntry("same", "list");
    }
  }

  @Test
  void anOldStorageViewStartsInsideItsStorage() throws IOException {
    PickleBytes pickle =
        PickleBytes.protocol(2).op('}').text("w").global("torch._utils", "_rebuild_tensor");
    pickle
        .op('(', '(')
        .text("storage")
        .global("torch.cuda", "FloatStorage")
        .text("7")
        .text("cuda:0")
        .number(6);
    pickle
        .op('(')
        .text("view")
        .number(2)
        .number(3)
        .op('t', 't', 'Q')
        .number(1)
        .tuple(2)
        .tuple(1)
        .op('t', 'R', 's');
    byte[] bytes = PickleBytes.legacy(pickle.stop(), List.of("7"), 4, PickleBytes.floats(SIX));

    try (TensorSource source = TorchPickle.open(write(bytes))) {
      assertThat(source.tensor("w")).isEqualTo(HostTensor.of(new float[] {3, 4}, 2));
    }
  }

  @Test
  void aLoneTensorHasAName() throws IOException {
    try (TensorSource source = openZip(PickleBytes.protocol(2).vector("0", 6).stop())) {
      assertThat(source.names()).containsExactly("tensor");
    }
  }

  @Test
  void aBigEndianFileReadsTheSame() throws IOException {
    Map<String, byte[]> entries = entries(PickleBytes.protocol(2).vector("0", 1).stop());
    entries.put("best/byteorder", "big".getBytes());
    entries.put("best/data/0", new byte[] {0x3f, (byte) 0xc0, 0, 0});

    try (TensorSource source = TorchPickle.open(write(PickleBytes.zip(entries)))) {
      assertThat(source.tensor("tensor").floats()).containsExactly(1.5f);
    }
  }

  @ParameterizedTest
  @MethodSource("maliciousGlobals")
  void aPickleThatAsksForCodeIsRefusedByName(String module, String name) throws IOException {
    // os.system("touch FILE") at the top of the file, as an attack would place it
    Path trace = folder.resolve("trace");
    byte[] pickle =
        PickleBytes.protocol(2).global(module, name).text("touch " + trace).op(0x85, 'R').stop();

    assertThatThrownBy(() -> openZip(pickle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is refused: it asks for the Python object " + module + "." + name)
        .hasMessageContaining("save the state_dict alone");
    Path legacy = write(PickleBytes.legacy(pickle, List.of(), 4));
    assertThatThrownBy(() -> TorchPickle.open(legacy)).hasMessageContaining(module + "." + name);
    assertThat(trace).doesNotExist();
  }

  static Stream<Arguments> maliciousGlobals() {
    return Stream.of(
        Arguments.of("os", "system"),
        Arguments.of("builtins", "eval"),
        Arguments.of("torch", "load"),
        Arguments.of("torch._utils", "_rebuild_tensor_v3"),
        Arguments.of("numpy.core.multiarray", "scalar"),
        Arguments.of("collections", "OrderedDict.fromkeys"),
        Arguments.of("evil.torch", "FloatStorage"));
  }

  @Test
  void aStackGlobalIsRefusedToo() {
    byte[] pickle = PickleBytes.protocol(4).text("posix").text("system").op(0x93).stop();

    assertThatThrownBy(() -> openZip(pickle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("posix.system");
  }

  static Stream<Arguments> hostilePickles() {
    long huge = Long.MAX_VALUE;
    long[] one = {1};
    return Stream.of(
        Arguments.of("empty", new byte[0], "ends in the middle"),
        Arguments.of("nothing on the stack", PickleBytes.protocol(2).stop(), "not there"),
        Arguments.of(
            "text longer than the file",
            PickleBytes.protocol(2).op('X').int4(-1).stop(),
            "ends in the middle"),
        Arguments.of(
            "bytes of negative length",
            PickleBytes.protocol(4).op(0x8e).int4(-1).int4(-1).stop(),
            "ends in the middle"),
        Arguments.of(
            "frame longer than the file",
            PickleBytes.protocol(4).op(0x95).int4(-1).int4(127).stop(),
            "ends in the middle"),
        Arguments.of(
            "integer of a megabyte",
            PickleBytes.protocol(2).op(0x8b).int4(1 << 20).raw(new byte[1 << 20]).stop(),
            "integer of 1048576 bytes"),
        Arguments.of("unknown instruction", PickleBytes.protocol(2).op('i').stop(), "0x69"),
        Arguments.of("newer protocol", PickleBytes.protocol(9).stop(), "protocol 9"),
        Arguments.of(
            "a name without end",
            PickleBytes.protocol(2).op('c').raw(new byte[4096]).stop(),
            "name of more than"),
        Arguments.of(
            "memo never stored", PickleBytes.protocol(2).op('h', 3).stop(), "recalls value 3"),
        Arguments.of("group never opened", PickleBytes.protocol(2).op('t').stop(), "never opened"),
        Arguments.of(
            "key without value",
            PickleBytes.protocol(2).op('}', '(').text("a").op('u').stop(),
            "without a value"),
        Arguments.of(
            "a list as key",
            PickleBytes.protocol(2).op('}', ']', 'N', 's').stop(),
            "neither text nor a number"),
        Arguments.of(
            "append to a number",
            PickleBytes.protocol(2).op('K', 1, 'K', 2, 'a').stop(),
            "not a list"),
        Arguments.of(
            "item of a number",
            PickleBytes.protocol(2).op('K', 1, 'K', 2, 'K', 3, 's').stop(),
            "not a dictionary"),
        Arguments.of(
            "call of text",
            PickleBytes.protocol(2).text("os.system").op(')', 'R').stop(),
            "not a function"),
        Arguments.of(
            "call of a storage type",
            PickleBytes.protocol(2).global("torch", "FloatStorage").op(')', 'R').stop(),
            "calls torch.FloatStorage"),
        Arguments.of(
            "state of a list", PickleBytes.protocol(2).op(']', '}', 'b').stop(), "sets the state"),
        Arguments.of(
            "wrong arguments",
            PickleBytes.protocol(2)
                .global("torch._utils", "_rebuild_tensor_v2")
                .op(')', 'R')
                .stop(),
            "do not fit"),
        Arguments.of(
            "reference to a number",
            PickleBytes.protocol(2).op('K', 1, 'Q').stop(),
            "not a storage"),
        Arguments.of(
            "storage outside its folder",
            PickleBytes.protocol(2).vector("../version", 0).stop(),
            "storage that cannot be"),
        Arguments.of(
            "storage of negative size",
            PickleBytes.protocol(2).vector("0", -1).stop(),
            "storage that cannot be"),
        Arguments.of(
            "storage beyond a long",
            PickleBytes.protocol(2).vector("0", huge).stop(),
            "storage that cannot be"),
        Arguments.of(
            "storage that is not there",
            PickleBytes.protocol(2).vector("1", 6).stop(),
            "lacks the entry best/data/1"),
        Arguments.of(
            "storage larger than its entry",
            PickleBytes.protocol(2).tensor("FloatStorage", "0", 7, 0, one, one).stop(),
            "has 24 bytes where 28"),
        Arguments.of(
            "view beyond its storage",
            view(1, new long[] {6}, one),
            "reaches from element 1 to 7 of a storage of 6"),
        Arguments.of("view before its storage", view(-1, one, one), "reaches from element -1"),
        Arguments.of("offset that overflows", view(huge, new long[] {2}, one), "impossible shape"),
        Arguments.of("negative dimension", view(0, new long[] {-1}, one), "impossible shape"),
        Arguments.of(
            "shape beyond a long",
            view(0, new long[] {huge, huge}, new long[] {0, 0}),
            "impossible shape"),
        Arguments.of(
            "stride beyond a long", view(0, new long[] {3}, new long[] {huge}), "impossible shape"),
        Arguments.of(
            "negative stride", view(5, new long[] {2}, new long[] {-1}), "negative stride"),
        Arguments.of(
            "strides missing", view(0, new long[] {2, 2}, one), "2 dimensions and 1 strides"),
        Arguments.of(
            "a few elements repeated",
            view(0, new long[] {1L << 29}, new long[] {0}),
            "larger than the file"),
        Arguments.of(
            "list that contains itself",
            PickleBytes.protocol(2).op(']', 'q', 0, 'h', 0, 'a').stop(),
            "without end"),
        Arguments.of("doubling forty times over", doubling(40), "without end"),
        Arguments.of(
            "two tensors of one name", twoOfOneName(), "two of its tensors are named 'a.b'"),
        Arguments.of(
            "instructions without end",
            new PickleBytes().raw(nones(4_000_001)).stop(),
            "more than 4000000 instructions"));
  }

  private static byte[] view(long offset, long[] shape, long[] strides) {
    return PickleBytes.protocol(2).tensor("FloatStorage", "0", 6, offset, shape, strides).stop();
  }

  /** A list of two references to a list of two references ... : few bytes, 2^depth paths. */
  private static byte[] doubling(int depth) {
    PickleBytes pickle = PickleBytes.protocol(2).vector("0", 6).op('q', 0);
    for (int i = 1; i <= depth; i++) {
      pickle.op('h', i - 1, 'h', i - 1, 0x86, 'q', i);
    }
    return pickle.stop();
  }

  private static byte[] twoOfOneName() {
    PickleBytes pickle = PickleBytes.protocol(2).op('}', '(').text("a.b").vector("0", 6);
    return pickle.text("a").op('}').text("b").vector("0", 6).op('s', 'u').stop();
  }

  private static byte[] nones(int count) {
    byte[] nones = new byte[count];
    Arrays.fill(nones, (byte) 'N');
    return nones;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostilePickles")
  void aHostilePickleIsRefusedInOneSentence(String what, byte[] pickle, String reason) {
    assertThatThrownBy(() -> openZip(pickle))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve("best.pth").toString())
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aCompressedStorageIsRefusedBeforeItGrows() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
      zip.putNextEntry(new ZipEntry("best/data.pkl"));
      zip.write(PickleBytes.protocol(2).vector("0", 1 << 20).stop());
      zip.putNextEntry(new ZipEntry("best/data/0"));
      zip.write(new byte[4 << 20]);
    }

    Path file = write(bomb.toByteArray());
    assertThatThrownBy(() -> TorchPickle.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is compressed");
  }

  @Test
  void aDamagedStorageIsNoticedByItsChecksum() throws IOException {
    byte[] bytes = PickleBytes.zip(entries(PickleBytes.protocol(2).vector("0", 6).stop()));
    int five = indexOf(bytes, PickleBytes.floats(SIX)) + 5 * 4;
    bytes[five] ^= 1;

    try (TensorSource source = TorchPickle.open(write(bytes))) {
      assertThatThrownBy(() -> source.tensor("tensor"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("checksum of its entry best/data/0");
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  @Test
  void otherZipsAndPicklesAreNamedAsWhatTheyAre() throws IOException {
    assertRefused(
        PickleBytes.zip(Map.of("readme.txt", new byte[3])),
        "must hold exactly one NAME/data.pkl, this holds 0");
    assertRefused(
        PickleBytes.zip(Map.of("a/data.pkl", new byte[3], "b/data.pkl", new byte[3])),
        "this holds 2");
    Map<String, byte[]> script = entries(checkpoint());
    script.put("best/constants.pkl", new byte[3]);
    assertRefused(PickleBytes.zip(script), "is a TorchScript archive");
    Map<String, byte[]> middle = entries(checkpoint());
    middle.put("best/byteorder", "middle".getBytes());
    assertRefused(PickleBytes.zip(middle), "its byte order is 'middle'");
    assertRefused(PickleBytes.protocol(2).op('}').stop(), "torch.save did not write it");
    assertRefused("not a checkpoint".getBytes(), "neither a zip nor a pickle");
    assertRefused(new byte[0], "neither a zip nor a pickle");
  }

  @Test
  void aLegacyFileMustListItsStoragesOnceAndInFull() throws IOException {
    byte[] content = PickleBytes.protocol(2).vector("0", 6).stop();
    byte[] storage = PickleBytes.floats(SIX);
    assertRefused(PickleBytes.legacy(content, List.of(), 4), "storage 0 is missing");
    assertRefused(PickleBytes.legacy(content, List.of("x"), 4, storage), "does not refer to");
    assertRefused(PickleBytes.legacy(content, List.of("0", "0"), 4, storage, storage), "twice");
    assertRefused(
        PickleBytes.legacy(content, List.of("0"), 1, storage),
        "claims 24 elements, more than the file has left");
    assertRefused(
        PickleBytes.legacy(content, List.of("0"), 4, PickleBytes.floats(1, 2)), "too short");
    byte[] negative = PickleBytes.legacy(content, List.of("0"), 4, storage);
    negative[negative.length - storage.length - 1] = (byte) 0x80;
    assertRefused(negative, "claims -");
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> TorchPickle.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void readingAfterCloseSaysSo() throws IOException {
    for (Arguments format : bothFormats().toList()) {
      TensorSource source = TorchPickle.open(write((byte[]) format.get()[1]));
      source.close();
      assertThatThrownBy(() -> source.tensor("state_dict.module.w"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was closed");
    }
  }

  @Test
  void aSafetensorsFileWhoseLengthLooksLikeAPickleIsStillSafetensors() throws IOException {
    String header =
        "{}" + " ".repeat(0x0280 - 2); // length 0x280: the bytes 80 02, as a pickle starts
    Path file = Files.write(folder.resolve("x.safetensors"), SafetensorsTest.file(header, 0));

    try (TensorSource source = TensorSource.open(file)) {
      assertThat(source.names()).isEmpty();
    }
  }
}
