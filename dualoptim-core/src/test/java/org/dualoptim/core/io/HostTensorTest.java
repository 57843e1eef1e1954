package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class HostTensorTest {

  static HostTensor bytes(DType dtype, int... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length);
    for (int value : values) {
      data.put((byte) value);
    }
    return new HostTensor(dtype, new long[] {values.length / dtype.bytes()}, data.flip());
  }

  @Test
  void everyHalfPrecisionPatternWidensToItsIeeeValue() {
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.putShort((short) bits);
    }
    float[] floats = new HostTensor(DType.F16, new long[] {1 << 16}, all.flip()).floats();

    for (int bits = 0; bits < 1 << 16; bits++) {
      // IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits
      int exponent = bits >> 10 & 0x1f;
      double fraction = bits & 0x3ff;
      double magnitude =
          switch (exponent) {
            case 0 -> fraction * Math.pow(2, -24);
            case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (1024 + fraction) * Math.pow(2, exponent - 25);
          };
      double value = (bits & 0x8000) == 0 ? magnitude : -magnitude;
      assertThat(Double.compare(floats[bits], value)).as("bits %04x", bits).isZero();
    }
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    // 0x3fc0 = 1.5, 0xc000 = -2, 0x7f80 = infinity, 0x0001 = the smallest subnormal
    float[] floats = bytes(DType.BF16, 0xc0, 0x3f, 0x00, 0xc0, 0x80, 0x7f, 0x01, 0x00).floats();

    assertThat(floats)
        .containsExactly(1.5f, -2f, Float.POSITIVE_INFINITY, Float.intBitsToFloat(0x10000));
  }

  @Test
  void integersKeepTheirSignAndBytesHaveNone() {
    assertThat(bytes(DType.I8, 0xff, 0x80, 0x7f).longs()).containsExactly(-1, -128, 127);
    assertThat(bytes(DType.U8, 0xff, 0x80, 0x7f).longs()).containsExactly(255, 128, 127);
    assertThat(bytes(DType.I16, 0xfe, 0xff).longs()).containsExactly(-2);
    assertThat(bytes(DType.I32, 0xfd, 0xff, 0xff, 0xff).longs()).containsExactly(-3);
    assertThat(bytes(DType.BOOL, 0, 1, 7).longs()).containsExactly(0, 1, 1);
    assertThat(bytes(DType.I16, 0xfe, 0xff).floats()).containsExactly(-2f);
    assertThat(bytes(DType.U8, 0xff).doubles()).containsExactly(255.0);
  }

  @Test
  void doublesAreNotRoundedThroughFloat() {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, 0.1);
    HostTensor tensor = new HostTensor(DType.F64, new long[0], data);

    assertThat(tensor.doubles()).containsExactly(0.1);
    assertThat(tensor.floats()).containsExactly(0.1f);
    long beyondFloat = (1L << 24) + 1;
    assertThat(HostTensor.of(new long[] {beyondFloat}, 1).doubles())
        .containsExactly((double) beyondFloat);
  }

  @Test
  void floatsAreNotReadAsIntegers() {
    assertThatThrownBy(() -> HostTensor.scalar(1.5f).longs())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("F32");
  }

  @Test
  void aShapeThatDoesNotFitItsDataIsRefused() {
    assertThatThrownBy(() -> HostTensor.of(new float[6], 2, 2))
        .hasMessageContaining("F32 tensor of shape [2, 2] must be 16 bytes, got 24");
    assertThatThrownBy(() -> HostTensor.of(new float[1], -1, -1)).hasMessageContaining("[-1, -1]");
    assertThatThrownBy(() -> HostTensor.of(new float[0], 1L << 40, 1L << 40))
        .hasMessageContaining("countable");
  }

  @Test
  void nobodyCanChangeATensorThroughItsAccessors() {
    HostTensor tensor = HostTensor.of(new float[] {1, 2}, 2);
    tensor.shape()[0] = 9;
    tensor.data().position(4);

    assertThat(tensor.shape()).containsExactly(2);
    assertThat(tensor.data().isReadOnly()).isTrue();
    assertThat(tensor.data().remaining()).isEqualTo(8);
    assertThat(tensor.floats()).containsExactly(1, 2);
  }

  @Test
  void equalityIsOfTypeShapeAndBytes() {
    HostTensor tensor = HostTensor.of(new float[] {1, 2}, 2);

    assertThat(tensor)
        .isEqualTo(HostTensor.of(new float[] {1, 2}, 2))
        .hasSameHashCodeAs(HostTensor.of(new float[] {1, 2}, 2));
    assertThat(tensor)
        .isNotEqualTo(HostTensor.of(new float[] {1, 2}, 1, 2))
        .isNotEqualTo(HostTensor.of(new float[] {1, 3}, 2));
    assertThat(tensor).hasToString("F32[2]");
  }
}
