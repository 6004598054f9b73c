package dev.graft.weights.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays of any strides, byte order and place, against one element read at a time. */
class StoredArrayTest {
  private static final int START = 7;
  private static final int ROUNDS = 150;

  /** How much of the bytes one buffer holds. */
  private enum Slices {
    ALL,
    SMALL,
    NONE
  }

  private record Limited(ByteBuffer buffer, Slices slices) implements Bytes {
    private static final long SMALL = 200;

    @Override
    public long length() {
      return buffer.capacity();
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      int count = dst.remaining();
      dst.put(buffer.slice((int) offset, count));
    }

    @Override
    public Optional<ByteBuffer> slice(long offset, long length) {
      boolean there = slices == Slices.ALL || (slices == Slices.SMALL && length <= SMALL);
      return there ? Optional.of(buffer.slice((int) offset, (int) length)) : Optional.empty();
    }
  }

  private static byte[] expected(
      ByteBuffer bytes, DType dtype, Shape shape, boolean bigEndian, long[] strides) {
    int size = dtype.byteSize();
    ByteBuffer all = ByteBuffer.allocate((int) shape.elementCount() * size);
    for (long i = 0; i < shape.elementCount(); i++) {
      long rest = i;
      long at = 0;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        at += rest % shape.dim(axis) * strides[axis];
        rest /= shape.dim(axis);
      }
      int component = dtype.componentSize();
      for (int b = 0; b < size; b++) {
        int inside = b / component * component;
        int from = bigEndian ? inside + component - 1 - (b - inside) : b;
        all.put(bytes.get((int) (START + at * size + from)));
      }
    }
    return all.array();
  }

  @ParameterizedTest
  @EnumSource(Slices.class)
  void anyStrides(Slices slices) {
    Random random = new Random(3);
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    random.ints(buffer.capacity()).forEach(i -> buffer.put((byte) i));
    for (int round = 0; round < ROUNDS; round++) {
      DType dtype = DType.values()[random.nextInt(DType.values().length)];
      long[] dims = new long[random.nextInt(5)];
      long[] strides = new long[dims.length];
      long extent = 1;
      for (int axis = 0; axis < dims.length; axis++) {
        dims[axis] = 1L + random.nextInt(round % 7 == 0 ? 40 : 6);
        strides[axis] = random.nextInt(4) * (random.nextBoolean() ? 1L : 1L + random.nextInt(50));
        extent += (dims[axis] - 1) * strides[axis];
      }
      Shape shape = Shape.of(dims);
      if (START + extent * dtype.byteSize() > buffer.capacity() || shape.elementCount() > 20_000) {
        continue;
      }
      boolean bigEndian = random.nextBoolean();
      StoredArray array =
          new StoredArray(new Limited(buffer, slices), START, dtype, shape, bigEndian, strides);
      byte[] expected = expected(buffer, dtype, shape, bigEndian, strides);
      assertThat(inPieces(array, random)).as("%s %s", dtype, shape).isEqualTo(expected);
    }
  }

  private static byte[] inPieces(StoredArray array, Random random) {
    int size = array.dtype().byteSize();
    byte[] all = new byte[(int) array.byteSize()];
    int at = 0;
    while (at < all.length) {
      int count = Math.min(all.length - at, size * (1 + random.nextInt(all.length / size)));
      // A piece of a larger buffer: nothing beside it may change.
      ByteBuffer piece = ByteBuffer.allocate(count + 2).order(ByteOrder.BIG_ENDIAN);
      array.read(at, piece.position(1).limit(count + 1));
      assertThat(piece.position()).isEqualTo(count + 1);
      assertThat(piece.array()[0]).isZero();
      assertThat(piece.array()[count + 1]).isZero();
      System.arraycopy(piece.array(), 1, all, at, count);
      at += count;
    }
    return all;
  }

  @Test
  void stridesOfElementsInOrderMakeAView() {
    Bytes bytes = new Limited(ByteBuffer.allocateDirect(256), Slices.ALL);
    long[][] strides = {{12, 4, 99, 1}, {0, 4, 7, 1}};
    Shape shape = Shape.of(1, 3, 1, 4);
    for (long[] each : strides) {
      assertThat(new StoredArray(bytes, 0, DType.INT8, shape, false, each).view()).isPresent();
    }
    long[] transposed = {12, 1, 1, 3};
    assertThat(new StoredArray(bytes, 0, DType.INT8, shape, false, transposed).view()).isEmpty();
    Shape empty = Shape.of(3, 0);
    assertThat(new StoredArray(bytes, 0, DType.INT8, empty, false, new long[] {1, 9}).view())
        .isPresent();
  }
}
