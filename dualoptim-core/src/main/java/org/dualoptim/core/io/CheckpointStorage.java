package org.dualoptim.core.io;

import java.io.IOException;

/** Where the bytes behind the tensors of a checkpoint lie. */
interface CheckpointStorage extends AutoCloseable {

  /** Fails unless the file holds as many bytes for that storage as the pickle says. */
  void require(PickledTensor.Storage storage) throws IOException;

  /**
   * Reads elements of a storage, little endian.
   *
   * @param begin first element, counted from the storage's base
   * @param count elements
   */
  byte[] read(PickledTensor.Storage storage, long begin, long count) throws IOException;

  @Override
  void close() throws IOException;
}
