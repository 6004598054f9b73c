package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Dim;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorType;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * A {@code TF_Tensor}: elements outside the Java heap, C order, native byte order. Reading and
 * filling the elements of one tensor from several threads is up to the caller; closing is safe.
 *
 * <p>Every method of a closed tensor throws {@link IllegalStateException}; asking for elements as
 * another type than the tensor's is an {@link IllegalArgumentException}, and elements outside of it
 * or of the array are an {@link IndexOutOfBoundsException}.
 */
public final class Tensor implements AutoCloseable {
  static {
    NativeLibrary.load();
  }

  private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

  private final TensorPointer pointer = new TensorPointer();
  private final Lifetime lifetime;
  private int typeCode;
  private int rank;
  private long[] dims = new long[4];
  private long elementCount;
  private long byteSize;
  private long address;
  private boolean readOnly;

  private Tensor(String refusal) {
    lifetime = Lifetime.closed(refusal, this::free);
  }

  /** Takes over a tensor that the caller owns. */
  static Tensor of(TF_Tensor tensor) {
    if (tensor == null) {
      throw new TensorFlowException(
          TensorFlowException.Code.RESOURCE_EXHAUSTED, "TensorFlow gave no tensor");
    }
    Tensor result = new Tensor("the tensor is closed");
    result.hold(tensor.address());
    return result;
  }

  /** One that holds the result of a call, a new one after each run. */
  static Tensor forResults() {
    return new Tensor("the result holds no value: not run yet, released, or closed");
  }

  /** Takes over a native tensor, while it holds none. */
  void hold(long tensor) {
    pointer.moveTo(tensor);
    typeCode = TF_TensorType(pointer);
    rank = TF_NumDims(pointer);
    if (rank > dims.length) {
      dims = new long[rank];
    }
    elementCount = 1;
    for (int i = 0; i < rank; i++) {
      dims[i] = TF_Dim(pointer, i);
      elementCount *= dims[i];
    }
    byteSize = TF_TensorByteSize(pointer);
    address = TensorData.address(pointer);
    lifetime.open();
  }

  /**
   * A tensor of zeros (not for strings).
   *
   * @throws IllegalArgumentException for a type whose elements have no size
   */
  public static Tensor allocate(DataType type, long... shape) {
    Tensor tensor = uninitialized(type, shape);
    Pointer.memset(new RawMemory(tensor.address), 0, tensor.byteSize);
    return tensor;
  }

  /** A tensor with any content. */
  static Tensor uninitialized(DataType type, long... shape) {
    long bytes = Shapes.byteSize(type, shape);
    return of(TF_AllocateTensor(type.code(), shape, shape.length, bytes));
  }

  public static Tensor of(float value) {
    return fill(uninitialized(DataType.FLOAT), new float[] {value});
  }

  public static Tensor of(double value) {
    return fill(uninitialized(DataType.DOUBLE), new double[] {value});
  }

  public static Tensor of(int value) {
    return fill(uninitialized(DataType.INT32), new int[] {value});
  }

  public static Tensor of(long value) {
    return fill(uninitialized(DataType.INT64), new long[] {value});
  }

  public static Tensor of(boolean value) {
    return fill(uninitialized(DataType.BOOL), new byte[] {(byte) (value ? 1 : 0)});
  }

  public static Tensor of(String value) {
    byte[][] elements = {value.getBytes(StandardCharsets.UTF_8)};
    return of(StringElements.tensor(elements, new long[0]));
  }

  /** Copies an array; without dimensions the shape is [values.length]. */
  public static Tensor of(float[] values, long... shape) {
    return fill(uninitialized(DataType.FLOAT, Shapes.ofValues(values.length, shape)), values);
  }

  public static Tensor of(double[] values, long... shape) {
    return fill(uninitialized(DataType.DOUBLE, Shapes.ofValues(values.length, shape)), values);
  }

  public static Tensor of(int[] values, long... shape) {
    return fill(uninitialized(DataType.INT32, Shapes.ofValues(values.length, shape)), values);
  }

  public static Tensor of(long[] values, long... shape) {
    return fill(uninitialized(DataType.INT64, Shapes.ofValues(values.length, shape)), values);
  }

  /** Copies bytes as uint8. */
  public static Tensor of(byte[] values, long... shape) {
    return fill(uninitialized(DataType.UINT8, Shapes.ofValues(values.length, shape)), values);
  }

  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return fill(uninitialized(DataType.BOOL, Shapes.ofValues(values.length, shape)), bytes);
  }

  /** UTF-8 strings. */
  public static Tensor of(String[] values, long... shape) {
    byte[][] elements = new byte[values.length][];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = values[i].getBytes(StandardCharsets.UTF_8);
    }
    return of(elements, shape);
  }

  /** Byte strings. */
  public static Tensor of(byte[][] values, long... shape) {
    return of(StringElements.tensor(values, Shapes.ofValues(values.length, shape)));
  }

  private static Tensor fill(Tensor tensor, byte[] values) {
    ArrayCopy.write(tensor.address, values, 0, values.length);
    return tensor;
  }

  private static Tensor fill(Tensor tensor, int[] values) {
    ArrayCopy.write(tensor.address, values, 0, values.length);
    return tensor;
  }

  private static Tensor fill(Tensor tensor, long[] values) {
    ArrayCopy.write(tensor.address, values, 0, values.length);
    return tensor;
  }

  private static Tensor fill(Tensor tensor, float[] values) {
    ArrayCopy.write(tensor.address, values, 0, values.length);
    return tensor;
  }

  private static Tensor fill(Tensor tensor, double[] values) {
    ArrayCopy.write(tensor.address, values, 0, values.length);
    return tensor;
  }

  /**
   * A tensor over a direct buffer's memory between position and limit: without a copy where the
   * address is a multiple of 64 bytes, else copied. The buffer stays reachable until TensorFlow
   * gives the memory back. A read-only buffer makes a tensor that cannot be written.
   *
   * @throws IllegalArgumentException if the buffer is not direct, or the bytes between position and
   *     limit are not exactly those of the shape
   */
  public static Tensor wrap(DataType type, ByteBuffer direct, long... shape) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException("the buffer is not direct");
    }
    long bytes = Shapes.byteSize(type, shape);
    if (bytes != direct.remaining()) {
      throw new IllegalArgumentException(
          type
              + Arrays.toString(shape)
              + " takes "
              + bytes
              + " bytes, the buffer has "
              + direct.remaining());
    }
    if (bytes == 0) {
      return uninitialized(type, shape);
    }
    long start;
    try (BytePointer memory = new BytePointer(direct.slice())) {
      start = memory.address();
    }
    Tensor tensor = of(LentMemory.lend(type, shape.clone(), start, bytes, direct, () -> {}));
    tensor.readOnly = direct.isReadOnly();
    return tensor;
  }

  /**
   * The element type.
   *
   * @throws IllegalArgumentException for a type that Graft has no use for
   */
  public DataType dataType() {
    lifetime.check();
    return DataType.of(typeCode);
  }

  /** A copy of the shape. */
  public long[] shape() {
    lifetime.check();
    return Arrays.copyOf(dims, rank);
  }

  public int rank() {
    lifetime.check();
    return rank;
  }

  /** One dimension, without an allocation. */
  public long dim(int axis) {
    lifetime.check();
    return dims[Objects.checkIndex(axis, rank)];
  }

  public long elementCount() {
    lifetime.check();
    return elementCount;
  }

  /** The size in bytes; of strings, that of their headers. */
  public long byteSize() {
    lifetime.check();
    return byteSize;
  }

  /** The address of the first element. */
  public long address() {
    lifetime.check();
    return address;
  }

  /**
   * The elements' bytes in place, native byte order. Valid until close.
   *
   * @throws IllegalStateException above 2 GiB; use {@link #bytes(long, int)}
   */
  public ByteBuffer bytes() {
    lifetime.check();
    if (byteSize > Integer.MAX_VALUE) {
      throw new IllegalStateException("a tensor of " + byteSize + " bytes does not fit a buffer");
    }
    return bytes(0, (int) byteSize);
  }

  /** A part of the elements' bytes in place, offset and length in bytes. Valid until close. */
  public ByteBuffer bytes(long offset, int length) {
    lifetime.begin();
    try {
      if (dataType().byteSize() == 0) {
        throw new IllegalArgumentException("elements of " + dataType() + " have no bytes");
      }
      Objects.checkFromIndexSize(offset, length, byteSize);
      ByteBuffer buffer = new RawMemory(address + offset).asBuffer(length);
      return readOnly ? buffer.asReadOnlyBuffer().order(buffer.order()) : buffer;
    } finally {
      lifetime.end();
    }
  }

  /** Copies elements [from, from + length) to an array without any allocation. */
  public void read(long from, float[] dst, int dstFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.FLOAT, DataType.FLOAT);
      checkRange(from, dst.length, dstFrom, length);
      ArrayCopy.read(address + from * Float.BYTES, dst, dstFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies elements of int32 or uint32. */
  public void read(long from, int[] dst, int dstFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.INT32, DataType.UINT32);
      checkRange(from, dst.length, dstFrom, length);
      ArrayCopy.read(address + from * Integer.BYTES, dst, dstFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies elements of int64 or uint64. */
  public void read(long from, long[] dst, int dstFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.INT64, DataType.UINT64);
      checkRange(from, dst.length, dstFrom, length);
      ArrayCopy.read(address + from * Long.BYTES, dst, dstFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies bytes (of one-byte types) to an array without any allocation. */
  public void read(long from, byte[] dst, int dstFrom, int length) {
    lifetime.begin();
    try {
      checkOneByteType();
      checkRange(from, dst.length, dstFrom, length);
      ArrayCopy.read(address + from, dst, dstFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies elements of float64. */
  public void read(long from, double[] dst, int dstFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.DOUBLE, DataType.DOUBLE);
      checkRange(from, dst.length, dstFrom, length);
      ArrayCopy.read(address + from * Double.BYTES, dst, dstFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies array elements into the tensor without any allocation. */
  public void write(long to, float[] src, int srcFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.FLOAT, DataType.FLOAT);
      checkWritable();
      checkRange(to, src.length, srcFrom, length);
      ArrayCopy.write(address + to * Float.BYTES, src, srcFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies to elements of int32 or uint32. */
  public void write(long to, int[] src, int srcFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.INT32, DataType.UINT32);
      checkWritable();
      checkRange(to, src.length, srcFrom, length);
      ArrayCopy.write(address + to * Integer.BYTES, src, srcFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies to elements of int64 or uint64. */
  public void write(long to, long[] src, int srcFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.INT64, DataType.UINT64);
      checkWritable();
      checkRange(to, src.length, srcFrom, length);
      ArrayCopy.write(address + to * Long.BYTES, src, srcFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies to elements of one-byte types. */
  public void write(long to, byte[] src, int srcFrom, int length) {
    lifetime.begin();
    try {
      checkOneByteType();
      checkWritable();
      checkRange(to, src.length, srcFrom, length);
      ArrayCopy.write(address + to, src, srcFrom, length);
    } finally {
      lifetime.end();
    }
  }

  /** Copies to elements of float64. */
  public void write(long to, double[] src, int srcFrom, int length) {
    lifetime.begin();
    try {
      checkType(DataType.DOUBLE, DataType.DOUBLE);
      checkWritable();
      checkRange(to, src.length, srcFrom, length);
      ArrayCopy.write(address + to * Double.BYTES, src, srcFrom, length);
    } finally {
      lifetime.end();
    }
  }

  public float[] toFloats() {
    float[] values = new float[arrayLength()];
    read(0, values, 0, values.length);
    return values;
  }

  public double[] toDoubles() {
    double[] values = new double[arrayLength()];
    read(0, values, 0, values.length);
    return values;
  }

  public int[] toInts() {
    int[] values = new int[arrayLength()];
    read(0, values, 0, values.length);
    return values;
  }

  public long[] toLongs() {
    long[] values = new long[arrayLength()];
    read(0, values, 0, values.length);
    return values;
  }

  public byte[] toBytes() {
    byte[] values = new byte[arrayLength()];
    read(0, values, 0, values.length);
    return values;
  }

  public boolean[] toBooleans() {
    lifetime.check();
    checkType(DataType.BOOL, DataType.BOOL);
    byte[] bytes = toBytes();
    boolean[] values = new boolean[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] != 0;
    }
    return values;
  }

  public byte[][] toByteStrings() {
    lifetime.begin();
    try {
      checkType(DataType.STRING, DataType.STRING);
      return StringElements.read(address, arrayLength());
    } finally {
      lifetime.end();
    }
  }

  /** The strings, taken as UTF-8. */
  public String[] toStrings() {
    byte[][] bytes = toByteStrings();
    String[] values = new String[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = new String(bytes[i], StandardCharsets.UTF_8);
    }
    return values;
  }

  TF_Tensor pointer() {
    return pointer;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /** Gives the memory back, now or when the calls that use it are done. */
  @Override
  public void close() {
    lifetime.close();
  }

  private void free() {
    TF_DeleteTensor(pointer);
    pointer.moveTo(0);
  }

  private int arrayLength() {
    long count = elementCount();
    if (count > MAX_ARRAY_LENGTH) {
      throw new IllegalStateException(count + " elements do not fit an array");
    }
    return (int) count;
  }

  private void checkType(DataType wanted, DataType alternative) {
    if (typeCode != wanted.code() && typeCode != alternative.code()) {
      throw new IllegalArgumentException("the tensor is " + dataType() + ", not " + wanted);
    }
  }

  private void checkOneByteType() {
    if (dataType().byteSize() != 1) {
      throw new IllegalArgumentException(
          "the tensor is " + dataType() + ", whose elements are not bytes");
    }
  }

  private void checkWritable() {
    if (readOnly) {
      throw new ReadOnlyBufferException();
    }
  }

  private void checkRange(long from, int arrayLength, int arrayFrom, int length) {
    Objects.checkFromIndexSize(arrayFrom, length, arrayLength);
    Objects.checkFromIndexSize(from, length, elementCount);
  }
}
