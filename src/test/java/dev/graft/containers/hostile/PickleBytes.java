package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.ByteArrayOutputStream;

/** A pickle put together opcode by opcode; characters up to U+00FF are bytes. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Opcodes and their arguments as they are. */
  PickleBytes add(String opcodes) {
    out.writeBytes(Npy.latin1(opcodes));
    return this;
  }

  /** The same opcodes again and again. */
  PickleBytes add(String opcodes, int times) {
    byte[] bytes = Npy.latin1(opcodes);
    for (int i = 0; i < times; i++) {
      out.writeBytes(bytes);
    }
    return this;
  }

  /** A little-endian number of this many bytes. */
  PickleBytes number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> (8 * Math.min(i, 7))));
    }
    return this;
  }

  /** The bytes so far. */
  byte[] bytes() {
    return out.toByteArray();
  }

  /** A dictionary .npy that holds what these opcodes push. */
  byte[] asObject() {
    PickleBytes whole = new PickleBytes().add(BEGIN);
    whole.out.writeBytes(bytes());
    return Npy.pickled(whole.add(END).bytes());
  }

  /** A dictionary .npy with an entry {@code x} of what these opcodes push. */
  byte[] asEntry() {
    PickleBytes entry = new PickleBytes().add("}X\u0001\0\0\0x");
    entry.out.writeBytes(bytes());
    return entry.add("s").asObject();
  }

  /** A dictionary .npy of these opcodes alone. */
  byte[] asPickle() {
    return Npy.pickled(bytes());
  }

  /** The dtype of a code and a byte order. */
  static String dtype(String code, char order) {
    return "cnumpy\ndtype\n(U"
        + (char) code.length()
        + code
        + "K\0K\u0001tR(K\u0003U\u0001"
        + order
        + "NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb";
  }

  /** An array without a state yet. */
  static final String RECONSTRUCT =
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR";

  /** An array of uint8 whose shape and data these opcodes push. */
  static String array(String shape, String data) {
    return RECONSTRUCT + "(K\u0001" + shape + dtype("u1", '|') + "\u0089" + data + "tb";
  }

  private static final String BEGIN =
      "\u0080\u0002" + RECONSTRUCT + "(K\u0001)" + dtype("O8", '|') + "\u0089](";
  private static final String END = "etb.";
}
