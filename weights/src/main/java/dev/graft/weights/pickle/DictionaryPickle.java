package dev.graft.weights.pickle;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.npy.NpyWriter;
import dev.graft.weights.npy.NumpyType;
import java.util.Map;

/** Writes the pickle of a dictionary of arrays, opcode by opcode. */
final class DictionaryPickle {
  private static final long MAX_32 = 0xffffffffL;

  /** numpy's flags of the dtype object: holds references, needs initialising, is pickled, ... */
  private static final int OBJECT_FLAGS = 63;

  private final WeightStore store;
  private final AtomicOutput out;
  private final PickleOutput pickle;

  DictionaryPickle(WeightStore store, AtomicOutput out) {
    this.store = store;
    this.out = out;
    boolean wide = store.names().stream().anyMatch(n -> store.get(n).byteSize() > MAX_32);
    this.pickle = new PickleOutput(wide ? 4 : 3);
  }

  void write(Map<String, DictionaryGroups.Entry> entries) {
    out.write(NpyWriter.objectHeader());
    beginArray(Shape.of(), "O8", '|');
    pickle.op(Opcode.EMPTY_LIST);
    pickle.op(Opcode.EMPTY_DICT);
    entries.forEach(
        (key, entry) -> {
          pickle.text(key);
          value(entry);
          pickle.setItem();
        });
    pickle.op(Opcode.APPEND);
    endArray();
    out.write(pickle.finish());
  }

  private void value(DictionaryGroups.Entry entry) {
    if (entry.single() != null) {
      array(store.get(entry.single()));
    } else if (entry.list()) {
      pickle.op(Opcode.EMPTY_LIST);
      for (String name : entry.elements().values()) {
        array(store.get(name));
        pickle.op(Opcode.APPEND);
      }
    } else {
      pickle.op(Opcode.EMPTY_DICT);
      entry
          .elements()
          .forEach(
              (index, name) -> {
                pickle.integer(index);
                array(store.get(name));
                pickle.setItem();
              });
    }
  }

  private void array(WeightArray array) {
    String code = NumpyType.code(array.dtype()).orElseThrow();
    beginArray(array.shape(), code, array.dtype().componentSize() == 1 ? '|' : '<');
    pickle.bytes(array.byteSize());
    out.write(pickle.take());
    out.write(array);
    endArray();
  }

  /** {@code _reconstruct(ndarray, (0,), b'b')} and its state up to the data. */
  private void beginArray(Shape shape, String code, char order) {
    pickle.global("numpy.core.multiarray", "_reconstruct");
    pickle.global("numpy", "ndarray");
    pickle.integer(0);
    pickle.op(Opcode.TUPLE1);
    pickle.oneByte('b');
    pickle.op(Opcode.TUPLE3);
    pickle.reduce();
    pickle.mark();
    pickle.integer(1);
    pickle.mark();
    for (long dim : shape.dims()) {
      pickle.integer(dim);
    }
    pickle.tuple();
    dtype(code, order);
    pickle.falseValue();
  }

  private void endArray() {
    pickle.tuple();
    pickle.op(Opcode.BUILD);
  }

  private void dtype(String code, char order) {
    pickle.global("numpy", "dtype");
    pickle.text(code);
    pickle.falseValue();
    pickle.op(Opcode.NEWTRUE);
    pickle.op(Opcode.TUPLE3);
    pickle.reduce();
    pickle.mark();
    pickle.integer(3);
    pickle.text(String.valueOf(order));
    pickle.op(Opcode.NONE);
    pickle.op(Opcode.NONE);
    pickle.op(Opcode.NONE);
    pickle.integer(-1);
    pickle.integer(-1);
    pickle.integer(code.startsWith("O") ? OBJECT_FLAGS : 0);
    pickle.tuple();
    pickle.op(Opcode.BUILD);
  }
}
