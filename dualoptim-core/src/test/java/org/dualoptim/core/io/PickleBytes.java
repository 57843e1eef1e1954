package org.dualoptim.core.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes pickles instruction by instruction, and the two files that torch.save wraps around them.
 */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static PickleBytes protocol(int version) {
    return new PickleBytes().op(0x80, version);
  }

  PickleBytes op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int4(utf8.length).raw(utf8);
  }

  PickleBytes number(long value) {
    return op(0x8a, 8)
        .raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  PickleBytes real(double value) {
    return op('G').raw(ByteBuffer.allocate(8).putDouble(value).array());
  }

  PickleBytes int4(int value) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  PickleBytes global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PickleBytes tuple(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  /** The reference to a storage, as the zip format writes it. */
  PickleBytes storage(String type, String key, long numel) {
    return op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(numel)
        .op('t', 'Q');
  }

  /** {@code _rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())}. */
  PickleBytes tensor(
      String type, String key, long numel, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, numel).number(offset);
    return tuple(shape)
        .tuple(strides)
        .op(0x89)
        .global("collections", "OrderedDict")
        .op(')', 'R', 't', 'R');
  }

  /** A tensor of that many floats that is its own storage. */
  PickleBytes vector(String key, long numel) {
    return tensor("FloatStorage", key, numel, 0, new long[] {numel}, new long[] {1});
  }

  byte[] stop() {
    return op('.').out.toByteArray();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** A zip as torch.save writes it: stored entries below one folder. */
  static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(content.getValue());
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content.getValue());
      }
    } catch (java.io.IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * A file of the older format: magic, protocol, machine, content, keys, then (number of elements,
   * bytes) for each key.
   */
  static byte[] legacy(byte[] content, List<String> keys, int width, byte[]... storages) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(LEGACY_MAGIC.clone());
    parts.add(protocol(2).op('M', 0xe9, 0x03).stop());
    parts.add(protocol(2).op('}').text("little_endian").op(0x88, 's').stop());
    parts.add(content);
    PickleBytes list = protocol(2).op(']', '(');
    keys.forEach(list::text);
    parts.add(list.op('e').stop());
    for (byte[] storage : storages) {
      parts.add(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(storage.length / width)
              .array());
      parts.add(storage);
    }
    PickleBytes file = new PickleBytes();
    parts.forEach(file::raw);
    return file.out.toByteArray();
  }

  /** 0x1950a86a20f9469cfc6c, as LONG1. */
  private static final byte[] LEGACY_MAGIC =
      new PickleBytes()
          .op(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
          .stop();
}
