package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  @Test
  void scalarsKeepTheirValues() {
    try (Tensor f = Tensor.of(1.5f);
        Tensor d = Tensor.of(2.5);
        Tensor i = Tensor.of(-3);
        Tensor l = Tensor.of(1L << 40);
        Tensor b = Tensor.of(true);
        Tensor s = Tensor.of("grün")) {
      assertThat(f.toFloats()).containsExactly(1.5f);
      assertThat(f.shape()).isEmpty();
      assertThat(f.byteSize()).isEqualTo(4);
      assertThat(d.toDoubles()).containsExactly(2.5);
      assertThat(i.toInts()).containsExactly(-3);
      assertThat(l.toLongs()).containsExactly(1L << 40);
      assertThat(b.toBooleans()).containsExactly(true);
      assertThat(s.toStrings()).containsExactly("grün");
      assertThat(List.of(f.dataType(), d.dataType(), i.dataType(), l.dataType(), b.dataType()))
          .containsExactly(
              DataType.FLOAT, DataType.DOUBLE, DataType.INT32, DataType.INT64, DataType.BOOL);
    }
  }

  @Test
  void arraysKeepTheirValuesAndShapes() {
    try (Tensor f = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor d = Tensor.of(new double[] {1, 2});
        Tensor i = Tensor.of(new int[] {1, 2}, 2, 1);
        Tensor l = Tensor.of(new long[] {1, 2});
        Tensor u = Tensor.of(new byte[] {1, (byte) 200});
        Tensor b = Tensor.of(new boolean[] {true, false})) {
      assertThat(f.shape()).containsExactly(2, 3);
      assertThat(f.dim(1)).isEqualTo(3);
      assertThat(f.rank()).isEqualTo(2);
      assertThat(f.elementCount()).isEqualTo(6);
      assertThat(f.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(d.toDoubles()).containsExactly(1, 2);
      assertThat(i.toInts()).containsExactly(1, 2);
      assertThat(i.shape()).containsExactly(2, 1);
      assertThat(l.toLongs()).containsExactly(1, 2);
      assertThat(u.dataType()).isEqualTo(DataType.UINT8);
      assertThat(u.toBytes()).containsExactly(1, 200);
      assertThat(b.toBooleans()).containsExactly(true, false);
    }
  }

  @Test
  void stringsOfEveryLengthComeBack() {
    // Up to 22 bytes are kept in the element itself, more on the native heap.
    String[] texts = {"", "a", "x".repeat(22), "y".repeat(23), "ü".repeat(1000)};
    try (Tensor tensor = Tensor.of(texts, 5, 1)) {
      assertThat(tensor.dataType()).isEqualTo(DataType.STRING);
      assertThat(tensor.shape()).containsExactly(5, 1);
      assertThat(tensor.toStrings()).containsExactly(texts);
    }
    byte[][] bytes = {{0, (byte) 0xff, 0}, {}};
    try (Tensor tensor = Tensor.of(bytes)) {
      assertThat(tensor.toByteStrings()).isDeepEqualTo(bytes);
      assertThatThrownBy(tensor::bytes).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalArgumentException.class);
    }
    try (Tensor none = Tensor.of(new String[0])) {
      assertThat(none.toStrings()).isEmpty();
    }
  }

  @Test
  void stringMemoryComesBack() {
    int before = LentMemory.loans();
    for (int i = 0; i < 100; i++) {
      Tensor.of(new String[] {"z".repeat(10_000), "short"}).close();
    }
    assertThat(LentMemory.loans()).isEqualTo(before);
  }

  @Test
  void aNewTensorIsZero() {
    try (Tensor tensor = Tensor.allocate(DataType.FLOAT, 1000, 3)) {
      assertThat(tensor.toFloats()).containsOnly(0f);
      assertThat(tensor.address() % 64).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyTypeIsAllocatedOrRefused(DataType type) {
    if (type.byteSize() == 0) {
      assertThatThrownBy(() -> Tensor.allocate(type, 2))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    try (Tensor tensor = Tensor.allocate(type, 2, 3)) {
      assertThat(tensor.dataType()).isEqualTo(type);
      assertThat(tensor.byteSize()).isEqualTo(6L * type.byteSize());
      assertThat(tensor.bytes().remaining()).isEqualTo(6 * type.byteSize());
      assertThat(DataType.of(type.code())).isEqualTo(type);
    }
  }

  @Test
  void emptyTensorsWork() {
    try (Tensor tensor = Tensor.of(new float[0], 0, 3);
        Tensor zeros = Tensor.allocate(DataType.INT32, 0);
        Tensor wrapped = Tensor.wrap(DataType.FLOAT, ByteBuffer.allocateDirect(0), 2, 0)) {
      assertThat(zeros.toInts()).isEmpty();
      assertThat(tensor.shape()).containsExactly(0, 3);
      assertThat(tensor.toFloats()).isEmpty();
      assertThat(tensor.bytes().remaining()).isZero();
      assertThat(wrapped.elementCount()).isZero();
      tensor.read(0, new float[0], 0, 0);
    }
  }

  @Test
  void partsAreReadAndWritten() {
    try (Tensor f = Tensor.allocate(DataType.FLOAT, 4);
        Tensor i = Tensor.allocate(DataType.UINT32, 4);
        Tensor l = Tensor.allocate(DataType.INT64, 4);
        Tensor d = Tensor.allocate(DataType.DOUBLE, 4);
        Tensor b = Tensor.allocate(DataType.INT8, 4)) {
      f.write(1, new float[] {9, 7, 8, 9}, 1, 2);
      assertThat(f.toFloats()).containsExactly(0, 7, 8, 0);
      float[] floats = new float[4];
      f.read(2, floats, 3, 1);
      assertThat(floats).containsExactly(0, 0, 0, 8);
      i.write(3, new int[] {5}, 0, 1);
      int[] ints = new int[2];
      i.read(2, ints, 0, 2);
      assertThat(ints).containsExactly(0, 5);
      l.write(3, new long[] {5}, 0, 1);
      long[] longs = new long[2];
      l.read(2, longs, 0, 2);
      assertThat(longs).containsExactly(0, 5);
      d.write(3, new double[] {5}, 0, 1);
      double[] doubles = new double[2];
      d.read(2, doubles, 0, 2);
      assertThat(doubles).containsExactly(0, 5);
      b.write(3, new byte[] {5}, 0, 1);
      byte[] bytes = new byte[2];
      b.read(2, bytes, 0, 2);
      assertThat(bytes).containsExactly(0, 5);
    }
  }

  @Test
  void rangesOutsideAreRefusedBeforeAnythingIsCopied() {
    try (Tensor tensor = Tensor.allocate(DataType.FLOAT, 4)) {
      float[] array = new float[4];
      List<Runnable> bad = new ArrayList<>();
      bad.add(() -> tensor.read(1, array, 0, 4));
      bad.add(() -> tensor.read(-1, array, 0, 1));
      bad.add(() -> tensor.read(0, array, 1, 4));
      bad.add(() -> tensor.read(0, array, 0, -1));
      bad.add(() -> tensor.read(Long.MAX_VALUE, array, 0, 1));
      bad.add(() -> tensor.write(4, array, 0, 1));
      bad.add(() -> tensor.write(0, array, 4, 1));
      bad.add(() -> tensor.bytes(13, 4));
      bad.add(() -> tensor.bytes(-1, 4));
      bad.add(() -> tensor.dim(1));
      for (Runnable access : bad) {
        assertThatThrownBy(access::run).isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void otherTypesAreRefused() {
    try (Tensor floats = Tensor.of(1f);
        Tensor ints = Tensor.of(1)) {
      assertThatThrownBy(floats::toInts)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the tensor is FLOAT, not INT32");
      assertThatThrownBy(floats::toLongs).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(floats::toDoubles).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(floats::toBytes).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(floats::toBooleans).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(floats::toStrings).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(ints::toFloats).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ints.write(0, new byte[4], 0, 4))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void badShapesAreRefused() {
    assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape [2, 2] has 4 elements, the array 3");
    assertThatThrownBy(() -> Tensor.allocate(DataType.FLOAT, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tensor.allocate(DataType.FLOAT, 1L << 40, 1L << 40))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tensor.allocate(DataType.DOUBLE, 1L << 62))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedTensorRefusesEverything() {
    Tensor tensor = Tensor.of(new float[] {1, 2});
    tensor.close();
    tensor.close();
    List<Runnable> uses =
        List.of(
            tensor::dataType,
            tensor::shape,
            tensor::rank,
            () -> tensor.dim(0),
            tensor::elementCount,
            tensor::byteSize,
            tensor::address,
            tensor::bytes,
            () -> tensor.bytes(0, 1),
            tensor::toFloats,
            tensor::toBooleans,
            tensor::toStrings,
            () -> tensor.read(0, new float[1], 0, 1),
            () -> tensor.write(0, new float[1], 0, 1),
            () -> tensor.write(0, new byte[1], 0, 1));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the tensor is closed");
    }
  }

  @Test
  void anAlignedBufferIsSharedAndComesBack() {
    int before = LentMemory.loans();
    ByteBuffer buffer = aligned(64, 64).order(ByteOrder.nativeOrder());
    Tensor tensor = Tensor.wrap(DataType.FLOAT, buffer, 4, 4);
    assertThat(tensor.address()).isEqualTo(address(buffer));
    assertThat(LentMemory.loans()).isEqualTo(before + 1);
    buffer.putFloat(8, 42f);
    assertThat(tensor.toFloats()[2]).isEqualTo(42f);
    tensor.write(3, new float[] {43}, 0, 1);
    assertThat(buffer.getFloat(12)).isEqualTo(43f);
    tensor.close();
    assertThat(LentMemory.loans()).isEqualTo(before);
  }

  @Test
  void anUnalignedBufferIsCopied() {
    int before = LentMemory.loans();
    ByteBuffer buffer = aligned(64, 128).position(4).limit(20).order(ByteOrder.nativeOrder());
    buffer.putFloat(4, 42f);
    try (Tensor tensor = Tensor.wrap(DataType.FLOAT, buffer, 4)) {
      assertThat(LentMemory.loans()).isEqualTo(before);
      assertThat(tensor.address()).isNotEqualTo(address(buffer.slice()));
      assertThat(tensor.address() % 64).isZero();
      assertThat(tensor.toFloats()).containsExactly(42, 0, 0, 0);
      buffer.putFloat(4, 1f);
      assertThat(tensor.toFloats()[0]).isEqualTo(42f);
    }
  }

  @Test
  void aReadOnlyBufferMakesAReadOnlyTensor() {
    try (Tensor tensor = Tensor.wrap(DataType.UINT8, aligned(64, 64).asReadOnlyBuffer(), 64)) {
      assertThat(tensor.bytes().isReadOnly()).isTrue();
      assertThat(tensor.toBytes()).hasSize(64);
      assertThatThrownBy(() -> tensor.write(0, new byte[1], 0, 1))
          .isInstanceOf(ReadOnlyBufferException.class);
    }
  }

  @Test
  void buffersThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Tensor.wrap(DataType.FLOAT, ByteBuffer.allocate(4), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the buffer is not direct");
    assertThatThrownBy(() -> Tensor.wrap(DataType.FLOAT, ByteBuffer.allocateDirect(8), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("FLOAT[1] takes 4 bytes, the buffer has 8");
    assertThatThrownBy(() -> Tensor.wrap(DataType.STRING, ByteBuffer.allocateDirect(24), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lentMemoryStaysWhileAVariableHoldsIt() {
    int before = LentMemory.loans();
    try (Graph graph = new Graph()) {
      Output value = Ops.placeholder(graph, "value", DataType.STRING, 1);
      Output variable =
          graph
              .op("VarHandleOp", "v")
              .attr("dtype", DataType.STRING)
              .attrShape("shape", new long[] {1})
              .output();
      Operation assign =
          graph
              .op("AssignVariableOp", "assign")
              .input(variable)
              .input(value)
              .attr("dtype", DataType.STRING)
              .finish();
      Output read =
          graph
              .op("ReadVariableOp", "read")
              .input(variable)
              .attr("dtype", DataType.STRING)
              .output();
      try (Session session = new Session(graph)) {
        try (Tensor text = Tensor.of(new String[] {"long enough for the native heap ..."})) {
          session.runner().feed(value, text).target(assign).run();
        }
        assertThat(LentMemory.loans()).isEqualTo(before + 1);
        try (Tensor text = session.runner().fetch(read).runOne()) {
          assertThat(text.toStrings()).containsExactly("long enough for the native heap ...");
        }
      }
    }
    assertThat(LentMemory.loans()).isEqualTo(before);
  }

  @Test
  void moreThanTwoGibibytesAreAddressed() {
    long size = 2_200_000_000L;
    // Only the pages that are touched become resident.
    try (Tensor tensor = Tensor.uninitialized(DataType.UINT8, size)) {
      assertThatThrownBy(tensor::bytes).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(tensor::toBytes).isInstanceOf(IllegalStateException.class);
      tensor.bytes(size - 4, 4).putInt(0, 0x01010101);
      byte[] tail = new byte[4];
      tensor.read(size - 4, tail, 0, 4);
      assertThat(tail).containsExactly(1, 1, 1, 1);
      assertThatThrownBy(() -> tensor.bytes(size - 3, 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void bytesAreInNativeOrderInPlace() {
    try (Tensor tensor = Tensor.of(new int[] {1, 2})) {
      ByteBuffer bytes = tensor.bytes();
      assertThat(bytes.order()).isEqualTo(ByteOrder.nativeOrder());
      bytes.putInt(4, 77);
      assertThat(tensor.toInts()).containsExactly(1, 77);
      assertThat(tensor.bytes(4, 4).getInt()).isEqualTo(77);
    }
  }

  @Test
  void utf8IsKept() {
    try (Tensor tensor = Tensor.of("日本")) {
      assertThat(tensor.toByteStrings()[0]).isEqualTo("日本".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static ByteBuffer aligned(int alignment, int size) {
    return ByteBuffer.allocateDirect(size + 2 * alignment).alignedSlice(alignment).slice(0, size);
  }

  private static long address(ByteBuffer buffer) {
    try (BytePointer pointer = new BytePointer(buffer)) {
      return pointer.address();
    }
  }
}
