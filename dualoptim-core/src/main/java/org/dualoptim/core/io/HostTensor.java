package org.dualoptim.core.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor in host memory, as files hold it: little endian, C order (the last dimension is
 * contiguous). It is immutable as long as nobody writes to the array or buffer that it was made
 * from, which is not copied.
 *
 * @param dtype element type
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data exactly {@code numel * dtype.bytes()} bytes; the accessor returns a fresh read-only
 *     little-endian view
 */
public record HostTensor(DType dtype, long[] shape, ByteBuffer data) {

  /**
   * @throws IllegalArgumentException if the buffer does not hold exactly the bytes that shape and
   *     type ask for
   */
  public HostTensor {
    shape = shape.clone();
    long bytes;
    try {
      bytes = Math.multiplyExact(Shapes.numel(shape), (long) dtype.bytes());
    } catch (ArithmeticException impossible) {
      throw new IllegalArgumentException(
          "shape must be non-negative and countable, got " + Arrays.toString(shape), impossible);
    }
    if (bytes != data.remaining()) {
      throw new IllegalArgumentException(
          "data of a "
              + dtype
              + " tensor of shape "
              + Arrays.toString(shape)
              + " must be "
              + bytes
              + " bytes, got "
              + data.remaining());
    }
    data = data.slice().asReadOnlyBuffer();
  }

  /**
   * An F32 tensor of that shape, its values copied. No dimensions mean a scalar: a vector names its
   * length.
   */
  public static HostTensor of(float[] values, long... shape) {
    ByteBuffer data = allocate(DType.F32, values.length);
    data.asFloatBuffer().put(values);
    return new HostTensor(DType.F32, shape, data);
  }

  /** An I64 tensor of that shape, its values copied. */
  public static HostTensor of(long[] values, long... shape) {
    ByteBuffer data = allocate(DType.I64, values.length);
    data.asLongBuffer().put(values);
    return new HostTensor(DType.I64, shape, data);
  }

  /** A U8 tensor of that shape over the given array, which is not copied. */
  public static HostTensor ofBytes(byte[] values, long... shape) {
    return new HostTensor(DType.U8, shape, ByteBuffer.wrap(values));
  }

  /** An F32 tensor without dimensions. */
  public static HostTensor scalar(float value) {
    return of(new float[] {value});
  }

  /**
   * Copies an array into host memory, in C order whatever its memory format (channels_last,
   * transposed) and whatever its device.
   *
   * @param array FLOAT32, FLOAT64, FLOAT16, INT64, INT32, INT8, UINT8 or BOOLEAN; stays its owner's
   * @throws IllegalArgumentException for another type, or an array larger than 2 GiB
   */
  public static HostTensor of(NDArray array) {
    DType dtype = DType.of(array.getDataType());
    long[] shape = array.getShape().getShape();
    if (Shapes.numel(shape) * dtype.bytes() > Shapes.MAX_BYTES) {
      throw new IllegalArgumentException(
          "an array of shape "
              + Arrays.toString(shape)
              + " is larger than the 2 GiB that one host tensor can hold; split it first");
    }
    // toByteBuffer() hands out the memory as it lies; flattening copies exactly when that is not C
    // order
    try (NDArray flat = array.flatten();
        NDArray host = flat.toDevice(Device.cpu(), false)) {
      return new HostTensor(dtype, shape, host.toByteBuffer());
    }
  }

  /** The number of elements; 1 for a scalar. */
  public long numel() {
    return Shapes.numel(shape);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * All elements as floats: F16 and BF16 widened exactly, F64 and integers rounded to nearest,
   * booleans as 0 and 1.
   */
  public float[] floats() {
    float[] values = new float[count()];
    ByteBuffer bytes = data();
    switch (dtype) {
      case F32 -> bytes.asFloatBuffer().get(values);
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) bytes.getDouble();
        }
      }
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float16Utils.halfToFloat(bytes.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
        }
      }
      default -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = nextInteger(bytes);
        }
      }
    }
    return values;
  }

  /** All elements as doubles: exact for every type but I64 beyond 2^53. */
  public double[] doubles() {
    double[] values = new double[count()];
    ByteBuffer bytes = data();
    if (dtype == DType.F64) {
      bytes.asDoubleBuffer().get(values);
    } else if (dtype.isFloating()) {
      float[] narrow = floats();
      for (int i = 0; i < values.length; i++) {
        values[i] = narrow[i];
      }
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = nextInteger(bytes);
      }
    }
    return values;
  }

  /**
   * All elements of an integer or boolean tensor.
   *
   * @throws IllegalStateException for a floating-point tensor: nothing says how to round it
   */
  public long[] longs() {
    if (dtype.isFloating()) {
      throw new IllegalStateException(
          "a " + dtype + " tensor cannot be read as integers; use floats() or doubles()");
    }
    long[] values = new long[count()];
    ByteBuffer bytes = data();
    for (int i = 0; i < values.length; i++) {
      values[i] = nextInteger(bytes);
    }
    return values;
  }

  private long nextInteger(ByteBuffer bytes) {
    return switch (dtype) {
      case I64 -> bytes.getLong();
      case I32 -> bytes.getInt();
      case I16 -> bytes.getShort();
      case I8 -> bytes.get();
      case U8 -> bytes.get() & 0xff;
      case BOOL -> bytes.get() == 0 ? 0 : 1;
      default -> throw new AssertionError(dtype);
    };
  }

  private int count() {
    return data.remaining() / dtype.bytes();
  }

  /**
   * Copies the tensor to the engine: F32, F16 and BF16 become FLOAT32 (widened in Java, since the
   * engine's binding aborts the JVM on BF16), F64 FLOAT64, I64 INT64, I32 and I16 INT32 (the
   * binding does not know INT16 either), I8 INT8, U8 UINT8, BOOL BOOLEAN.
   *
   * @param manager owns the returned array and chooses its device
   * @return an array of this shape in memory of the engine's own: it shares nothing with this
   *     tensor and closing it frees it
   * @throws IllegalArgumentException if the widened tensor exceeds 2 GiB
   */
  public NDArray toArray(NDManager manager) {
    DataType type =
        switch (dtype) {
          case F32, F16, BF16 -> DataType.FLOAT32;
          case F64 -> DataType.FLOAT64;
          case I64 -> DataType.INT64;
          case I32, I16 -> DataType.INT32;
          case I8 -> DataType.INT8;
          case U8 -> DataType.UINT8;
          case BOOL -> DataType.BOOLEAN;
        };
    if ((long) count() * type.getNumOfBytes() > Shapes.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a "
              + dtype
              + " tensor of shape "
              + Arrays.toString(shape)
              + " exceeds 2 GiB as "
              + type
              + "; load it in slices");
    }
    NDArray staged = manager.create(elements(), new Shape(shape), type);
    if (staged.getDevice().isGpu()) {
      return staged;
    }
    // on the CPU the engine borrows a Java buffer that only the garbage collector frees
    try (staged) {
      return staged.duplicate();
    }
  }

  /** The bytes as the engine wants them: in the machine's order, of the widened type. */
  private ByteBuffer elements() {
    if (dtype.bytes() != 2) {
      return data();
    }
    if (dtype == DType.I16) {
      ByteBuffer wide = allocate(DType.I32, count());
      for (long value : longs()) {
        wide.putInt((int) value);
      }
      return wide.flip();
    }
    ByteBuffer wide = allocate(DType.F32, count());
    wide.asFloatBuffer().put(floats());
    return wide;
  }

  private static ByteBuffer allocate(DType dtype, int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, dtype.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Same type, shape and bytes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
  }

  /** Type and shape, such as {@code F32[64, 3, 3, 3]}. */
  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
