package org.dualoptim.core.io;

import java.nio.ByteBuffer;

/**
 * A tensor as a torch pickle describes it: a strided view of a storage that lies elsewhere in the
 * file. Offset and strides count elements; all are known to stay inside the storage.
 */
record PickledTensor(Storage storage, long offset, long[] shape, long[] strides) {

  /**
   * A run of elements in the file.
   *
   * @param key its name in the file
   * @param base the element of the named storage at which this one begins (0 but for views in very
   *     old files)
   * @param numel elements from there
   */
  record Storage(DType dtype, String key, long base, long numel) {

    /** Bytes that the file must hold under {@link #key}. */
    long bytesNeeded() {
      return Math.multiplyExact(Math.addExact(base, numel), (long) dtype.bytes());
    }
  }

  long numel() {
    return Shapes.numel(shape);
  }

  /** Elements from the first that the tensor uses to the last, both included. */
  long span() {
    if (numel() == 0) {
      return 0;
    }
    long span = 1;
    for (int i = 0; i < shape.length; i++) {
      span = Math.addExact(span, Math.multiplyExact(shape[i] - 1, strides[i]));
    }
    return span;
  }

  /** Whether the elements lie in C order without gaps. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1) {
        if (strides[i] != expected) {
          return false;
        }
        expected *= shape[i];
      }
    }
    return true;
  }

  /** Copies the elements out of their span into C order. */
  ByteBuffer inOrder(byte[] span) {
    int width = storage.dtype().bytes();
    byte[] ordered = new byte[Math.toIntExact(numel() * width)];
    long[] index = new long[shape.length];
    long from = 0;
    for (int to = 0; to < ordered.length; to += width) {
      System.arraycopy(span, (int) (from * width), ordered, to, width);
      for (int i = shape.length - 1; i >= 0; i--) {
        from += strides[i];
        if (++index[i] < shape[i]) {
          break;
        }
        from -= strides[i] * shape[i];
        index[i] = 0;
      }
    }
    return ByteBuffer.wrap(ordered);
  }
}
