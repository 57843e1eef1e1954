package org.dualoptim.core.io;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The format of torch.save since 1.6: a zip of uncompressed entries {@code NAME/data.pkl}, {@code
 * NAME/data/KEY} for each storage, and {@code NAME/byteorder}. Nothing is extracted, and a
 * compressed entry is refused, so no entry is larger than the file.
 */
final class ZipCheckpoint implements CheckpointStorage {
  private static final String PICKLE = "/data.pkl";

  private final Path file;
  private final long fileSize;
  private final ZipFile zip;
  private final String root;
  private final boolean bigEndian;

  private ZipCheckpoint(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    this.fileSize = Files.size(file);
    this.root = root();
    if (zip.getEntry(root + "/constants.pkl") != null) {
      throw new IOException(
          file
              + " is a TorchScript archive, which holds code; save its state_dict() with torch.save and load that file");
    }
    this.bigEndian = isBigEndian();
  }

  static TensorSource open(Path file) throws IOException {
    try {
      ZipFile zip = new ZipFile(file.toFile());
      try {
        ZipCheckpoint checkpoint = new ZipCheckpoint(file, zip);
        return new CheckpointSource(file, checkpoint.names(), checkpoint);
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (ZipException | EOFException | IllegalArgumentException malformed) {
      throw FileBytes.damaged(
          file,
          "its zip directory, which stands at the end, cannot be read ("
              + reason(malformed)
              + "); the file may be cut short");
    }
  }

  private static String reason(Exception malformed) {
    return malformed.getMessage() == null
        ? "an entry reaches beyond its end"
        : malformed.getMessage();
  }

  private String root() throws IOException {
    List<String> pickles =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(
                name ->
                    name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
            .toList();
    if (pickles.size() != 1) {
      throw new IOException(
          file
              + " is not a PyTorch checkpoint: a zip of one must hold exactly one NAME"
              + PICKLE
              + ", this holds "
              + pickles.size());
    }
    return pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  private boolean isBigEndian() throws IOException {
    String name = root + "/byteorder";
    if (zip.getEntry(name) == null) {
      return false;
    }
    ZipEntry entry = entry(name);
    String order =
        new String(bytes(entry, 0, Math.min(entry.getSize(), 16)), StandardCharsets.US_ASCII)
            .strip();
    return switch (order) {
      case "little" -> false;
      case "big" -> true;
      default -> throw FileBytes.damaged(file, "its byte order is '" + order + "'");
    };
  }

  private CheckpointNames names() throws IOException {
    ZipEntry entry = entry(root + PICKLE);
    byte[] pickle = bytes(entry, 0, Math.min(entry.getSize(), PickleInput.MAX_BYTES));
    PickleInput in = new PickleInput(file, new ByteArrayInputStream(pickle), pickle.length);
    return CheckpointNames.of(PickleReader.read(in, new TorchConstructors(in, fileSize)), in);
  }

  private ZipEntry entry(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw FileBytes.damaged(file, "it lacks the entry " + name);
    }
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
      throw FileBytes.damaged(
          file, "its entry " + name + " is compressed, which torch.save never does");
    }
    if (entry.getSize() > fileSize) {
      throw FileBytes.damaged(file, "its entry " + name + " claims more bytes than the file has");
    }
    return entry;
  }

  private ZipEntry entry(PickledTensor.Storage storage) throws IOException {
    return entry(root + "/data/" + storage.key());
  }

  @Override
  public void require(PickledTensor.Storage storage) throws IOException {
    ZipEntry entry = entry(storage);
    if (entry.getSize() < storage.bytesNeeded()) {
      throw FileBytes.damaged(
          file,
          "its storage "
              + storage.key()
              + " has "
              + entry.getSize()
              + " bytes where "
              + storage.bytesNeeded()
              + " are needed");
    }
  }

  @Override
  public byte[] read(PickledTensor.Storage storage, long begin, long count) throws IOException {
    int width = storage.dtype().bytes();
    byte[] bytes;
    try {
      bytes = bytes(entry(storage), (storage.base() + begin) * width, count * width);
    } catch (ZipException malformed) {
      throw FileBytes.damaged(
          file,
          "its storage " + storage.key() + " cannot be read (" + malformed.getMessage() + ")");
    } catch (IllegalStateException closed) {
      throw new IOException(file + " was closed before it was read", closed);
    }
    if (bigEndian) {
      reverseElements(bytes, width);
    }
    return bytes;
  }

  /** Reads a part of an entry; one that is read whole is checked against the zip's checksum. */
  private byte[] bytes(ZipEntry entry, long begin, long length) throws IOException {
    FileBytes.requireOneBuffer(file, length);
    try (InputStream stream = zip.getInputStream(entry)) {
      stream.skipNBytes(begin);
      byte[] bytes = stream.readNBytes((int) length);
      if (bytes.length == length) {
        if (length == entry.getSize()) {
          checkSum(entry, bytes);
        }
        return bytes;
      }
    } catch (EOFException ended) {
      // reported as a short read is
    }
    throw FileBytes.damaged(file, "its entry " + entry.getName() + " is cut short");
  }

  private void checkSum(ZipEntry entry, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    if (checksum.getValue() != entry.getCrc()) {
      throw FileBytes.damaged(
          file, "the checksum of its entry " + entry.getName() + " does not match");
    }
  }

  private static void reverseElements(byte[] bytes, int width) {
    for (int start = 0; start < bytes.length; start += width) {
      for (int i = start, j = start + width - 1; i < j; i++, j--) {
        byte swapped = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = swapped;
      }
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
