package dev.graft.weights.torch;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.pickle.PickleOutput;

/** The pickle of an OrderedDict of tensors, each with a storage of its own, numbered from 0. */
final class TorchPickle {
  /** What {@code torch.save} writes. */
  private static final int PROTOCOL = 2;

  private final PickleOutput out = new PickleOutput(PROTOCOL);

  private TorchPickle() {}

  /** The pickle of all arrays of a store, whose dtypes all have storage classes. */
  static byte[] of(WeightStore store) {
    TorchPickle pickle = new TorchPickle();
    pickle.orderedDict();
    int key = 0;
    for (String name : store.names()) {
      pickle.out.text(name);
      pickle.tensor(store.get(name), Integer.toString(key++));
      pickle.out.setItem();
    }
    return pickle.out.finish();
  }

  private void orderedDict() {
    out.global("collections", "OrderedDict");
    out.emptyTuple();
    out.reduce();
  }

  /** {@code _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())}. */
  private void tensor(WeightArray array, String key) {
    out.global("torch._utils", "_rebuild_tensor_v2");
    out.mark();
    storage(array, key);
    out.integer(0);
    longs(array.shape().dims());
    longs(strides(array.shape()));
    out.falseValue();
    orderedDict();
    out.tuple();
    out.reduce();
  }

  private void storage(WeightArray array, String key) {
    out.mark();
    out.text("storage");
    out.global("torch", StorageType.of(array.dtype()).orElseThrow());
    out.text(key);
    out.text("cpu");
    out.integer(array.shape().elementCount());
    out.tuple();
    out.persistent();
  }

  private void longs(long[] values) {
    out.mark();
    for (long value : values) {
      out.integer(value);
    }
    out.tuple();
  }

  /** C order; an empty dimension counts as one, as PyTorch does it. */
  private static long[] strides(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride = Math.multiplyExact(stride, Math.max(1, shape.dim(axis)));
    }
    return strides;
  }
}
