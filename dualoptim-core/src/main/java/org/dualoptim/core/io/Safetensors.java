package org.dualoptim.core.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: 8 bytes little-endian header length, a JSON header {@code {name: {dtype,
 * shape, data_offsets}}} with an optional {@code __metadata__} of strings, then the bytes of all
 * tensors without gaps. Files beyond 2 GiB are read and written as any other; one tensor holds at
 * most 2 GiB.
 */
public final class Safetensors {
  /** The header entry that is not a tensor. */
  static final String METADATA = "__metadata__";

  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /**
   * Opens a file and checks its whole header: length, JSON without repeated keys, types, shapes,
   * and offsets that cover the file exactly once.
   *
   * @throws IOException if the file cannot be read or any check fails, in one sentence that names
   *     the file
   */
  public static SafetensorsFile open(Path file) throws IOException {
    return SafetensorsFile.open(file);
  }

  /**
   * Opens a sharded set by its index ({@code model.safetensors.index.json}): its {@code weight_map}
   * says which file beside the index holds which tensor. All shards are opened and checked; tensors
   * in them that the index does not name are left out.
   *
   * @throws IOException if the index or a shard is damaged, a shard lacks a tensor, or a shard's
   *     name is not that of a file beside the index
   */
  public static TensorSource openSharded(Path index) throws IOException {
    return ShardedSafetensors.open(index);
  }

  /** Writes tensors that are in memory; see {@link #write(Path, TensorSource, Map)}. */
  public static void write(Path file, Map<String, HostTensor> tensors, Map<String, String> metadata)
      throws IOException {
    write(file, TensorSource.of(tensors, metadata), metadata);
  }

  /**
   * Writes every tensor of {@code source}, one in memory at a time, beside {@code file} and then
   * into its place. The header keeps the source's order; the data lies widest elements first, so
   * that each tensor is aligned to its element size as other readers expect.
   *
   * @param metadata goes into {@code __metadata__}; left out if empty. Hugging Face loaders want
   *     {@code format = pt}
   * @throws IOException if reading or writing fails; an earlier file is then untouched
   * @throws IllegalArgumentException if a tensor is named {@code __metadata__}
   */
  public static void write(Path file, TensorSource source, Map<String, String> metadata)
      throws IOException {
    if (source.contains(METADATA)) {
      throw new IllegalArgumentException(
          "a tensor must not be named " + METADATA + ", which safetensors keeps for itself");
    }
    List<String> layout = new ArrayList<>(source.names());
    layout.sort(Comparator.comparingInt((String name) -> source.dtype(name).bytes()).reversed());
    ByteBuffer header = header(source, layout, metadata);
    AtomicFiles.writeChannel(
        file,
        channel -> {
          writeFully(channel, header);
          for (String name : layout) {
            writeFully(channel, source.tensor(name).data());
          }
        });
  }

  private static ByteBuffer header(
      TensorSource source, List<String> layout, Map<String, String> metadata) throws IOException {
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (String name : layout) {
      begins.put(name, end);
      end += bytes(source, name);
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
      out.writeStartObject();
      if (!metadata.isEmpty()) {
        out.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
      }
      for (String name : source.names()) {
        long[] shape = source.shape(name);
        long begin = begins.get(name);
        out.writeObjectFieldStart(name);
        out.writeStringField("dtype", source.dtype(name).name());
        out.writeFieldName("shape");
        out.writeArray(shape, 0, shape.length);
        out.writeFieldName("data_offsets");
        out.writeArray(new long[] {begin, begin + bytes(source, name)}, 0, 2);
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    int padding = Math.floorMod(-json.size(), ALIGNMENT);
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + json.size() + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(json.size() + padding).put(json.toByteArray());
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static long bytes(TensorSource source, String name) {
    return Shapes.numel(source.shape(name)) * source.dtype(name).bytes();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    // a heap buffer passes through a direct one of its size: keep that one small
    int limit = bytes.limit();
    while (bytes.position() < limit) {
      bytes.limit(Math.min(limit, bytes.position() + FileBytes.CHUNK));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      bytes.limit(limit);
    }
  }
}
