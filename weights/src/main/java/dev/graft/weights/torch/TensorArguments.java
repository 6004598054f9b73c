package dev.graft.weights.torch;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.pickle.PyTuple;
import dev.graft.weights.pickle.Unpickler;
import java.util.Arrays;

/** Makes tensors of what a pickle says of them, every element checked to lie in the storage. */
final class TensorArguments {
  private static final int MAX_RANK = 64;
  private static final int MAX_TENSORS = 100_000;

  /**
   * Elements that a tensor may have beyond those of its storage, by strides of 0 or overlaps: more
   * is no weight, but a bomb.
   */
  private static final long MAX_EXPANDED = 1L << 28;

  private final Unpickler machine;
  private int tensors;

  /** For the pickle that a machine reads. */
  TensorArguments(Unpickler machine) {
    this.machine = machine;
  }

  /** The tensor of {@code _rebuild_tensor}'s first four arguments. */
  TorchTensor tensor(TorchStorage storage, DType dtype, PyTuple args) {
    if (!(args.get(1) instanceof Long offset)) {
      throw machine.malformed("a tensor whose storage offset is no integer");
    }
    long[] dims = counts(args.get(2), "dimension");
    long[] strides = counts(args.get(3), "stride");
    return tensor(storage, dtype, offset, dims, strides);
  }

  private TorchTensor tensor(
      TorchStorage storage, DType dtype, long offset, long[] dims, long[] strides) {
    if (++tensors > MAX_TENSORS) {
      throw machine.malformed("more than " + MAX_TENSORS + " tensors");
    }
    try {
      return check(storage, dtype, offset, dims, strides);
    } catch (IllegalArgumentException e) {
      throw machine.malformed(e.getMessage());
    }
  }

  /**
   * A tensor.
   *
   * @throws IllegalArgumentException with the reason where it does not lie in its storage
   */
  static TorchTensor check(
      TorchStorage storage, DType dtype, long offset, long[] dims, long[] strides) {
    long available = storage.count() * storage.type().dtype().byteSize() / dtype.byteSize();
    if (dims.length != strides.length) {
      throw new IllegalArgumentException(
          "a tensor of " + dims.length + " dimensions with " + strides.length + " strides");
    }
    Shape shape;
    long last = offset;
    try {
      shape = Shape.of(dims);
      Math.multiplyExact(shape.elementCount(), (long) dtype.byteSize());
      for (int axis = 0; axis < dims.length && shape.elementCount() > 0; axis++) {
        last = Math.addExact(last, Math.multiplyExact(dims[axis] - 1, strides[axis]));
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a tensor "
              + Arrays.toString(dims)
              + " of strides "
              + Arrays.toString(strides)
              + ", more than any file can have");
    }
    if (shape.elementCount() == 0) {
      return new TorchTensor(storage, dtype, 0, shape, strides);
    }
    if (offset < 0 || last >= available) {
      throw new IllegalArgumentException(
          String.format(
              "a tensor %s of strides %s from element %d to %d of a storage of %d elements",
              shape, Arrays.toString(strides), offset, last, available));
    }
    if (shape.elementCount() > Math.max(MAX_EXPANDED, available)) {
      throw new IllegalArgumentException(
          "a tensor " + shape + " expanded from a storage of " + available + " elements");
    }
    return new TorchTensor(storage, dtype, offset, shape, strides);
  }

  private long[] counts(Object value, String what) {
    if (!(value instanceof PyTuple tuple) || tuple.size() > MAX_RANK) {
      throw machine.malformed("a tensor without a tuple of at most " + MAX_RANK + " " + what + "s");
    }
    long[] counts = new long[tuple.size()];
    for (int i = 0; i < counts.length; i++) {
      if (!(tuple.get(i) instanceof Long count) || count < 0) {
        throw machine.malformed(
            "a tensor with a " + what + " that is no whole number of at least 0");
      }
      counts[i] = count;
    }
    return counts;
  }
}
