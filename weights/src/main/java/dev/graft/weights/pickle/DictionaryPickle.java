package dev.graft.weights.pickle;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.npy.NpyWriter;
import dev.graft.weights.npy.NumpyType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes the pickle of a dictionary of arrays, opcode by opcode. */
final class DictionaryPickle {
  private static final long MAX_32 = 0xffffffffL;

  /** numpy's flags of the dtype object: holds references, needs initialising, is pickled, ... */
  private static final int OBJECT_FLAGS = 63;

  private final WeightStore store;
  private final AtomicOutput out;

  DictionaryPickle(WeightStore store, AtomicOutput out) {
    this.store = store;
    this.out = out;
  }

  void write(Map<String, DictionaryGroups.Entry> entries) {
    out.write(NpyWriter.objectHeader());
    boolean wide = store.names().stream().anyMatch(n -> store.get(n).byteSize() > MAX_32);
    op(Opcode.PROTO, wide ? 4 : 3);
    beginArray(Shape.of(), "O8", '|');
    op(Opcode.EMPTY_LIST);
    op(Opcode.EMPTY_DICT);
    entries.forEach(
        (key, entry) -> {
          text(key);
          value(entry);
          op(Opcode.SETITEM);
        });
    op(Opcode.APPEND);
    endArray();
    op(Opcode.STOP);
  }

  private void value(DictionaryGroups.Entry entry) {
    if (entry.single() != null) {
      array(store.get(entry.single()));
    } else if (entry.list()) {
      op(Opcode.EMPTY_LIST);
      for (String name : entry.elements().values()) {
        array(store.get(name));
        op(Opcode.APPEND);
      }
    } else {
      op(Opcode.EMPTY_DICT);
      entry
          .elements()
          .forEach(
              (index, name) -> {
                integer(index);
                array(store.get(name));
                op(Opcode.SETITEM);
              });
    }
  }

  private void array(WeightArray array) {
    String code = NumpyType.code(array.dtype()).orElseThrow();
    beginArray(array.shape(), code, array.dtype().componentSize() == 1 ? '|' : '<');
    if (array.byteSize() > MAX_32) {
      op(Opcode.BINBYTES8);
      out.write(little(Long.BYTES).putLong(array.byteSize()).flip());
    } else {
      op(Opcode.BINBYTES);
      out.write(little(Integer.BYTES).putInt((int) array.byteSize()).flip());
    }
    out.write(array);
    endArray();
  }

  /** {@code _reconstruct(ndarray, (0,), b'b')} and its state up to the data. */
  private void beginArray(Shape shape, String code, char order) {
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray");
    integer(0);
    op(Opcode.TUPLE1);
    op(Opcode.SHORT_BINBYTES, 1);
    out.write(ascii("b"));
    op(Opcode.TUPLE3);
    op(Opcode.REDUCE);
    op(Opcode.MARK);
    integer(1);
    op(Opcode.MARK);
    for (long dim : shape.dims()) {
      integer(dim);
    }
    op(Opcode.TUPLE);
    dtype(code, order);
    op(Opcode.NEWFALSE);
  }

  private void endArray() {
    op(Opcode.TUPLE);
    op(Opcode.BUILD);
  }

  private void dtype(String code, char order) {
    boolean object = code.startsWith("O");
    global("numpy", "dtype");
    text(code);
    op(Opcode.NEWFALSE);
    op(Opcode.NEWTRUE);
    op(Opcode.TUPLE3);
    op(Opcode.REDUCE);
    op(Opcode.MARK);
    integer(3);
    text(String.valueOf(order));
    op(Opcode.NONE);
    op(Opcode.NONE);
    op(Opcode.NONE);
    integer(-1);
    integer(-1);
    integer(object ? OBJECT_FLAGS : 0);
    op(Opcode.TUPLE);
    op(Opcode.BUILD);
  }

  private void op(Opcode opcode) {
    out.write(new byte[] {opcode.code()});
  }

  private void op(Opcode opcode, int argument) {
    out.write(new byte[] {opcode.code(), (byte) argument});
  }

  private void integer(long value) {
    if (value == (int) value) {
      op(Opcode.BININT);
      out.write(little(Integer.BYTES).putInt((int) value).flip());
    } else {
      op(Opcode.LONG1, Long.BYTES);
      out.write(little(Long.BYTES).putLong(value).flip());
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op(Opcode.BINUNICODE);
    out.write(little(Integer.BYTES).putInt(utf8.length).flip());
    out.write(utf8);
  }

  private void global(String module, String name) {
    op(Opcode.GLOBAL);
    out.write(ascii(module + "\n" + name + "\n"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
