package org.dualoptim.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostTensorEngineTest {
  private static NDManager manager;

  @BeforeAll
  static void start() {
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  @Test
  void everyTypeReachesTheEngineWithoutTheTypesThatAbortIt() {
    assertArray(
        HostTensorTest.bytes(DType.BF16, 0xc0, 0x3f, 0x00, 0xc0), DataType.FLOAT32, 1.5, -2);
    assertArray(HostTensorTest.bytes(DType.F16, 0x00, 0x3e, 0x00, 0xc0), DataType.FLOAT32, 1.5, -2);
    assertArray(
        HostTensorTest.bytes(DType.F64, 1, 0, 0, 0, 0, 0, 0xf8, 0x3f),
        DataType.FLOAT64,
        Math.nextUp(1.5));
    assertArray(HostTensor.of(new float[] {1.5f, -2}, 2), DataType.FLOAT32, 1.5, -2);
    assertArray(HostTensor.of(new long[] {1L << 40, -3}, 2), DataType.INT64, 1L << 40, -3);
    assertArray(HostTensorTest.bytes(DType.I32, 0xfd, 0xff, 0xff, 0xff), DataType.INT32, -3);
    assertArray(HostTensorTest.bytes(DType.I16, 0xfe, 0xff), DataType.INT32, -2);
    assertArray(HostTensorTest.bytes(DType.I8, 0xff), DataType.INT8, -1);
    assertArray(HostTensorTest.bytes(DType.U8, 0xff), DataType.UINT8, 255);
    assertArray(HostTensorTest.bytes(DType.BOOL, 0, 1), DataType.BOOLEAN, 0, 1);
  }

  private static void assertArray(HostTensor tensor, DataType type, double... values) {
    try (NDArray array = tensor.toArray(manager)) {
      assertThat(array.getDataType()).isEqualTo(type);
      assertThat(array.getShape()).isEqualTo(new Shape(tensor.shape()));
      assertThat(HostTensor.of(array).doubles()).containsExactly(values);
    }
  }

  @Test
  void arraysOfEveryReadableTypeComeBackBitForBit() {
    for (HostTensor tensor :
        new HostTensor[] {
          HostTensor.of(new float[] {Float.NaN, -0f, Float.MIN_VALUE, 3}, 2, 2),
          HostTensor.of(new long[] {Long.MIN_VALUE, 7}, 2, 1),
          HostTensorTest.bytes(DType.I32, 1, 2, 3, 4),
          HostTensor.ofBytes(new byte[] {0, 1, -1}, 3),
          HostTensorTest.bytes(DType.BOOL, 1, 0),
          HostTensor.scalar(4),
          HostTensor.of(new float[0], 0, 3)
        }) {
      try (NDArray array = tensor.toArray(manager)) {
        assertThat(HostTensor.of(array)).isEqualTo(tensor);
      }
    }
    try (NDArray half = manager.create(new float[] {1.5f}).toType(DataType.FLOAT16, false)) {
      assertThat(HostTensor.of(half)).isEqualTo(HostTensorTest.bytes(DType.F16, 0x00, 0x3e));
    }
    try (NDArray wide = manager.create(new double[] {0.1})) {
      assertThat(HostTensor.of(wide).doubles()).containsExactly(0.1);
    }
  }

  @Test
  void anArrayLaidOutChannelsLastComesBackInShapeOrder() {
    try (NDManager scope = manager.newSubManager()) {
      // a permuted [N, H, W, C] array has exactly the strides of a channels_last [N, C, H, W] one
      NDArray nhwc = scope.arange(24f).reshape(1, 2, 3, 4);
      NDArray nchw = nhwc.transpose(0, 3, 1, 2);

      HostTensor tensor = HostTensor.of(nchw);

      assertThat(tensor.shape()).containsExactly(1, 4, 2, 3);
      assertThat(tensor.floats()).startsWith(0, 4, 8, 12, 16, 20, 1, 5, 9);
    }
  }

  @Test
  void aSliceOfALargerArrayBringsOnlyItsOwnElements() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray column = scope.arange(6f).reshape(2, 3).get(":, 1");

      assertThat(HostTensor.of(column)).isEqualTo(HostTensor.of(new float[] {1, 4}, 2));
    }
  }

  @Test
  void changingTheArrayLeavesTheTensorAlone() {
    ByteBuffer direct = ByteBuffer.allocateDirect(4);
    HostTensor tensor = new HostTensor(DType.F32, new long[] {1}, direct);
    try (NDArray array = tensor.toArray(manager)) {
      HostTensor before = HostTensor.of(array);
      array.addi(1);

      assertThat(tensor.floats()).containsExactly(0);
      assertThat(before.floats()).containsExactly(0);
      assertThat(array.toFloatArray()).containsExactly(1);
    }
  }

  @Test
  void nothingButTheResultStaysAttachedToTheManager() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray array = HostTensor.of(new float[] {1, 2}, 2).toArray(scope);
      HostTensor.of(array);

      assertThat(scope.getManagedArrays()).containsExactly(array);
    }
  }

  @Test
  void anArrayTypeThatJavaCannotReadIsRefused() {
    try (NDArray text = manager.create("forget")) {
      assertThatThrownBy(() -> HostTensor.of(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot be read by Java");
    }
  }
}
