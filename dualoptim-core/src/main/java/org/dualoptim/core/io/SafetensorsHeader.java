package org.dualoptim.core.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checked safetensors header.
 *
 * @param tensors in header order
 * @param metadata in header order
 * @param dataStart where in the file offset 0 of the data lies
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata, long dataStart) {
  private static final long MAX_HEADER = 100_000_000;
  private static final int MAX_DIMENSIONS = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength((int) MAX_HEADER)
                  .build())
          .build();

  private static final int SHOWN_TEXT = 60;

  /** One tensor: {@code end - begin} is exactly what type and shape ask for. */
  record Entry(DType dtype, long[] shape, long begin, long end) {}

  /**
   * Whether the first 8 bytes of a file can be the length of a header: {@code {}} at least, 100 MB
   * at most.
   */
  static boolean isPlausibleLength(long length) {
    return length >= 2 && length <= MAX_HEADER;
  }

  /** Reads and checks the header. Nothing larger than the file is ever allocated. */
  static SafetensorsHeader read(FileBytes file) throws IOException {
    if (file.size() < Long.BYTES) {
      requireNotNamedLikeTorch(file);
      throw new IOException(
          file.file() + " is not a safetensors file: it has only " + file.size() + " bytes");
    }
    long length = file.read(0, Long.BYTES).getLong();
    if (!isPlausibleLength(length) || length > file.size() - Long.BYTES) {
      requireNoText(file);
      requireNotNamedLikeTorch(file);
      throw new IOException(
          file.file()
              + " is not a safetensors file, or is cut short: its header claims "
              + Long.toUnsignedString(length)
              + " bytes, the file has "
              + file.size());
    }
    SafetensorsHeader header =
        new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>(), Long.BYTES + length);
    try (JsonParser json = JSON.createParser(file.read(Long.BYTES, length).array())) {
      header.parse(json, file);
    } catch (JsonProcessingException malformed) {
      throw file.damaged(
          "its header is not well-formed JSON (" + malformed.getOriginalMessage() + ")");
    }
    header.checkCoverage(file);
    return header;
  }

  private static void requireNotNamedLikeTorch(FileBytes file) throws IOException {
    if (TorchPickle.isNamedLikeOne(file.file())) {
      throw TorchPickle.noCheckpoint(file.file());
    }
  }

  /** A web page or a Git LFS pointer in place of the weights is what people meet most. */
  private static void requireNoText(FileBytes file) throws IOException {
    String start =
        StandardCharsets.ISO_8859_1
            .decode(file.read(0, Math.min(file.size(), SHOWN_TEXT)))
            .toString();
    if (start.chars().anyMatch(c -> c >= 0x7f || c < ' ' && !Character.isWhitespace(c))) {
      return;
    }
    throw new IOException(
        file.file()
            + " holds text, neither safetensors nor a torch checkpoint: it begins with \""
            + start.lines().findFirst().orElse("").strip()
            + "\""
            + (start.startsWith("version https://git-lfs")
                ? "; it is a Git LFS pointer: fetch the file itself with git lfs pull"
                : ""));
  }

  private void parse(JsonParser json, FileBytes file) throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "its header", "an object", file);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(Safetensors.METADATA)) {
        parseMetadata(json, file);
      } else {
        tensors.put(name, parseEntry(json, name, file));
      }
    }
    if (json.nextToken() != null) {
      throw file.damaged("its header goes on after the closing brace");
    }
  }

  private void parseMetadata(JsonParser json, FileBytes file) throws IOException {
    expect(
        json.currentToken(),
        JsonToken.START_OBJECT,
        Safetensors.METADATA,
        "an object of strings",
        file);
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      expect(
          json.nextToken(),
          JsonToken.VALUE_STRING,
          Safetensors.METADATA + "." + key,
          "a string",
          file);
      metadata.put(key, json.getText());
    }
  }

  private static Entry parseEntry(JsonParser json, String name, FileBytes file) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, name, "an object", file);
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(value, JsonToken.VALUE_STRING, name + ".dtype", "a string", file);
          String type = json.getText();
          dtype =
              DType.named(type)
                  .orElseThrow(
                      () ->
                          new IOException(
                              file.file()
                                  + " holds "
                                  + FileBytes.shown(name + " as " + type)
                                  + ", an element type that this library does not read"));
        }
        case "shape" -> shape = parseLongs(json, name + ".shape", file);
        case "data_offsets" -> offsets = parseLongs(json, name + ".data_offsets", file);
        default ->
            throw file.damaged("its header gives " + name + " an unknown field '" + key + "'");
      }
    }
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw file.damaged("its header must give " + name + " a dtype, a shape and two data_offsets");
    }
    return checked(new Entry(dtype, shape, offsets[0], offsets[1]), name, file);
  }

  private static long[] parseLongs(JsonParser json, String what, FileBytes file)
      throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, what, "a list", file);
    long[] values = new long[MAX_DIMENSIONS];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(
          json.currentToken(), JsonToken.VALUE_NUMBER_INT, what, "a list of whole numbers", file);
      if (count == MAX_DIMENSIONS) {
        throw file.damaged(what + " has more than " + MAX_DIMENSIONS + " numbers");
      }
      values[count++] = json.getLongValue();
    }
    return Arrays.copyOf(values, count);
  }

  private static Entry checked(Entry entry, String name, FileBytes file) throws IOException {
    long bytes;
    try {
      bytes = Math.multiplyExact(Shapes.numel(entry.shape()), (long) entry.dtype().bytes());
    } catch (ArithmeticException impossible) {
      throw file.damaged(name + " has the impossible shape " + Arrays.toString(entry.shape()));
    }
    if (entry.begin() < 0 || entry.begin() > entry.end() || entry.end() - entry.begin() != bytes) {
      throw file.damaged(
          name
              + " lies at bytes "
              + entry.begin()
              + " to "
              + entry.end()
              + ", but "
              + entry.dtype()
              + Arrays.toString(entry.shape())
              + " takes "
              + bytes);
    }
    return entry;
  }

  /** Every byte after the header belongs to exactly one tensor. */
  private void checkCoverage(FileBytes file) throws IOException {
    List<Map.Entry<String, Entry>> placed = new ArrayList<>(tensors.entrySet());
    placed.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long covered = 0;
    for (Map.Entry<String, Entry> next : placed) {
      if (next.getValue().begin() != covered) {
        throw file.damaged(
            next.getKey()
                + " begins at byte "
                + next.getValue().begin()
                + " of the data, where the tensor before it ends at "
                + covered);
      }
      covered = next.getValue().end();
    }
    if (covered != file.size() - dataStart) {
      throw file.damaged(
          "its header describes "
              + covered
              + " bytes of tensors, but "
              + (file.size() - dataStart)
              + " follow it");
    }
  }

  private static void expect(
      JsonToken actual, JsonToken wanted, String what, String description, FileBytes file)
      throws IOException {
    if (actual != wanted) {
      throw file.damaged(what + " must be " + description);
    }
  }
}
