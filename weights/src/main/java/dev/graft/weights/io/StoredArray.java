package dev.graft.weights.io;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An array whose elements lie in one run of bytes, in either byte order and either memory order.
 */
public final class StoredArray implements WeightArray {
  private final Bytes bytes;
  private final long start;
  private final DType dtype;
  private final Shape shape;
  private final boolean bigEndian;
  private final boolean fortran;

  /**
   * An array of {@code dtype} and {@code shape}, whose first byte is at {@code start}. The caller
   * has checked that all of it lies in {@code bytes}.
   *
   * @param bigEndian whether each element has its most significant byte first
   * @param fortran whether the first dimension varies fastest
   */
  public StoredArray(
      Bytes bytes, long start, DType dtype, Shape shape, boolean bigEndian, boolean fortran) {
    this.bytes = bytes;
    this.start = start;
    this.dtype = dtype;
    this.shape = shape;
    this.bigEndian = bigEndian && dtype.componentSize() > 1;
    this.fortran = fortran && ordersDiffer(shape);
  }

  private static boolean ordersDiffer(Shape shape) {
    int longDimensions = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dim(axis) > 1) {
        longDimensions++;
      }
    }
    return longDimensions > 1 && shape.elementCount() > 0;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    WeightArrays.checkRange(this, offset, dst.remaining());
    if (fortran) {
      gather(offset, dst);
      return;
    }
    int from = dst.position();
    bytes.read(start + offset, dst);
    if (bigEndian) {
      swap(dst, from);
    }
  }

  @Override
  public Optional<ByteBuffer> view() {
    return fortran || bigEndian ? Optional.empty() : bytes.slice(start, byteSize());
  }

  @Override
  public Optional<FileRegion> region() {
    return fortran || bigEndian ? Optional.empty() : bytes.region(start, byteSize());
  }

  private void swap(ByteBuffer dst, int from) {
    int end = dst.position();
    ByteBuffer big = dst.duplicate().order(ByteOrder.BIG_ENDIAN);
    ByteBuffer little = dst.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = dtype.componentSize();
    for (int i = from; i < end; i += size) {
      copyComponent(big, i, little, i, size);
    }
  }

  private static void copyComponent(ByteBuffer src, int from, ByteBuffer dst, int to, int size) {
    switch (size) {
      case 1 -> dst.put(to, src.get(from));
      case 2 -> dst.putShort(to, src.getShort(from));
      case 4 -> dst.putInt(to, src.getInt(from));
      default -> dst.putLong(to, src.getLong(from));
    }
  }

  /** Reads elements in C order out of a Fortran-ordered array. */
  private void gather(long offset, ByteBuffer dst) {
    int elementSize = dtype.byteSize();
    int rank = shape.rank();
    long[] strides = new long[rank];
    long stride = elementSize;
    for (int axis = 0; axis < rank; axis++) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    long[] index = new long[rank];
    long rest = offset / elementSize;
    long at = 0;
    for (int axis = rank - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
      at += index[axis] * strides[axis];
    }
    ElementCopier copier = new ElementCopier();
    ByteBuffer out = dst.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int last = rank - 1;
    for (int to = dst.position(); to < dst.limit(); to += elementSize) {
      copier.copy(at, out, to);
      int axis = last;
      index[axis]++;
      at += strides[axis];
      while (index[axis] == shape.dim(axis) && axis > 0) {
        at -= index[axis] * strides[axis];
        index[axis] = 0;
        axis--;
        index[axis]++;
        at += strides[axis];
      }
    }
    dst.position(dst.limit());
  }

  /** Copies single elements, from one buffer where the whole array fits one. */
  private final class ElementCopier {
    private final ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    private final int elementSize = dtype.byteSize();
    private final int componentSize = dtype.componentSize();
    private final ByteBuffer whole =
        bytes.slice(start, byteSize()).map(b -> b.order(order)).orElse(null);
    private final ByteBuffer element = ByteBuffer.allocate(elementSize).order(order);

    void copy(long at, ByteBuffer out, int to) {
      ByteBuffer src = whole;
      int from = (int) at;
      if (src == null) {
        bytes.read(start + at, element.clear());
        src = element;
        from = 0;
      }
      for (int i = 0; i < elementSize; i += componentSize) {
        copyComponent(src, from + i, out, to + i, componentSize);
      }
    }
  }
}
