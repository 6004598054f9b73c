package dev.graft.mapping;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** An array in memory. Without a view it counts as one whose bytes have to be converted. */
final class FakeArray implements WeightArray {
  private static final Path FILE = Path.of("fake.bin");

  private final DType dtype;
  private final Shape shape;
  private final byte[] bytes;
  private final boolean viewable;

  private FakeArray(DType dtype, Shape shape, byte[] bytes, boolean viewable) {
    this.dtype = dtype;
    this.shape = shape;
    this.bytes = bytes;
    this.viewable = viewable;
  }

  /** Values 0, 1, 2, …. */
  static FakeArray counting(long... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return of(shape, values);
  }

  static FakeArray random(Random random, long... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return of(shape, values);
  }

  static FakeArray of(Shape shape, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new FakeArray(DType.FLOAT32, shape, bytes.array(), true);
  }

  static FakeArray zeros(DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    byte[] bytes = new byte[(int) shape.elementCount() * dtype.byteSize()];
    return new FakeArray(dtype, shape, bytes, true);
  }

  FakeArray withoutView() {
    return new FakeArray(dtype, shape, bytes, false);
  }

  FakeArray with(int element, float value) {
    byte[] changed = bytes.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putFloat(element * 4, value);
    return new FakeArray(dtype, shape, changed, viewable);
  }

  byte[] bytes() {
    return bytes;
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
    dst.put(bytes, (int) offset, dst.remaining());
  }

  @Override
  public Optional<ByteBuffer> view() {
    return viewable
        ? Optional.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN))
        : Optional.empty();
  }

  @Override
  public Optional<FileRegion> region() {
    return viewable ? Optional.of(new FileRegion(FILE, 128, bytes.length)) : Optional.empty();
  }

  /** All bytes of an array, read in one piece. */
  static byte[] bytesOf(WeightArray array) {
    ByteBuffer bytes = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, bytes);
    return bytes.array();
  }

  /** All values of a float32 array, read in one piece. */
  static float[] valuesOf(WeightArray array) {
    ByteBuffer bytes = ByteBuffer.wrap(bytesOf(array)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
