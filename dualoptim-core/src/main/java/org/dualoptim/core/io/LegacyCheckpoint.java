package org.dualoptim.core.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The format of torch.save before 1.6: four pickles (magic number, protocol, machine, content), a
 * pickle of the storage keys, then for each key the number of elements as 8 bytes and the elements,
 * all little endian.
 */
final class LegacyCheckpoint implements CheckpointStorage {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;

  /** Where a storage lies: first byte and number of bytes. */
  private record Place(long begin, long bytes) {}

  private final FileBytes file;
  private final Map<String, Place> places = new HashMap<>();

  private LegacyCheckpoint(FileBytes file) {
    this.file = file;
  }

  static TensorSource open(Path path) throws IOException {
    FileBytes file = FileBytes.open(path);
    try {
      LegacyCheckpoint checkpoint = new LegacyCheckpoint(file);
      return new CheckpointSource(path, checkpoint.names(), checkpoint);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private CheckpointNames names() throws IOException {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file.file()))) {
      PickleInput in = new PickleInput(file.file(), stream, file.size());
      TorchConstructors torch = new TorchConstructors(in, file.size());
      if (!MAGIC.equals(PickleReader.read(in, torch))) {
        throw new IOException(file.file() + " is a pickle, but torch.save did not write it");
      }
      if (!Long.valueOf(PROTOCOL).equals(PickleReader.read(in, torch))) {
        throw new IOException(file.file() + " has an unknown version of the torch.save format");
      }
      PickleReader.read(
          in, torch); // the machine it was written on; elements are little endian whatever it says
      CheckpointNames names = CheckpointNames.of(PickleReader.read(in, torch), in);
      locate(torch.storages(), PickleReader.read(in, torch), in.position());
      return names;
    }
  }

  private void locate(Set<PickledTensor.Storage> storages, Object keys, long begin)
      throws IOException {
    Map<String, Integer> widths = new HashMap<>();
    for (PickledTensor.Storage storage : storages) {
      Integer earlier = widths.put(storage.key(), storage.dtype().bytes());
      if (earlier != null && earlier != storage.dtype().bytes()) {
        throw file.damaged("its storage " + storage.key() + " has elements of two sizes");
      }
    }
    List<Object> order = keys instanceof PickleReader.Sequence list ? list.items() : List.of();
    long position = begin;
    for (Object key : order) {
      Integer width = key instanceof String ? widths.get(key) : null;
      if (width == null) {
        throw file.damaged("it lists a storage that its content does not refer to");
      }
      long numel = file.read(position, Long.BYTES).getLong();
      position += Long.BYTES;
      if (numel < 0 || numel > (file.size() - position) / width) {
        throw file.damaged(
            "its storage "
                + key
                + " claims "
                + numel
                + " elements, more than the file has left"
                + (numel < 0 ? "" : "; it is cut short"));
      }
      if (places.put((String) key, new Place(position, numel * width)) != null) {
        throw file.damaged("it lists the storage " + key + " twice");
      }
      position += numel * width;
    }
  }

  @Override
  public void require(PickledTensor.Storage storage) throws IOException {
    Place place = places.get(storage.key());
    if (place == null || place.bytes() < storage.bytesNeeded()) {
      throw file.damaged("its storage " + storage.key() + " is missing or too short");
    }
  }

  @Override
  public byte[] read(PickledTensor.Storage storage, long begin, long count) throws IOException {
    int width = storage.dtype().bytes();
    return file.read(
            places.get(storage.key()).begin() + (storage.base() + begin) * width, count * width)
        .array();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
