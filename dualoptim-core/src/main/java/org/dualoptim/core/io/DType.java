package org.dualoptim.core.io;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;

/** The element types of stored tensors, by their safetensors names. */
public enum DType {
  F64(8, true),
  F32(4, true),
  F16(2, true),
  /**
   * The upper half of an F32. It exists in files only: the engine's Java binding aborts the JVM on
   * it.
   */
  BF16(2, true),
  I64(8, false),
  I32(4, false),
  I16(2, false),
  I8(1, false),
  U8(1, false),
  /** One byte an element, 0 or 1. */
  BOOL(1, false);

  private final int bytes;
  private final boolean floating;

  DType(int bytes, boolean floating) {
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers, so that comparing them takes a tolerance. */
  public boolean isFloating() {
    return floating;
  }

  /**
   * The type that an array of the engine is stored as.
   *
   * @throws IllegalArgumentException for a type that Java cannot read from the engine
   */
  public static DType of(DataType type) {
    return switch (type) {
      case FLOAT32 -> F32;
      case FLOAT64 -> F64;
      case FLOAT16 -> F16;
      case INT64 -> I64;
      case INT32 -> I32;
      case INT8 -> I8;
      case UINT8 -> U8;
      case BOOLEAN -> BOOL;
      default ->
          throw new IllegalArgumentException(
              "an array of type " + type + " cannot be read by Java; cast it to float32 first");
    };
  }

  /**
   * The type of that safetensors name, empty for one that this library does not read (F8_E4M3, U16,
   * ...).
   */
  static Optional<DType> named(String name) {
    for (DType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
