package dev.graft.weights.pickle;

/** Parts of pickles, as characters up to U+00FF. */
final class Pickles {
  private Pickles() {}

  /** A dictionary of one entry in numpy's object array: the value's opcodes push one object. */
  static String entry(String name, String value) {
    return root("(" + "X" + (char) name.length() + "\0\0\0" + name + value + "d");
  }

  /** The object array of shape () around an object. */
  static String root(String object) {
    return "\u0080\u0002"
        + "cnumpy.core.multiarray\n_reconstruct\n"
        + "(cnumpy\nndarray\n(K\0tU\u0001btR"
        + "(K\u0001)"
        + dtype("O8", '|')
        + "\u0089("
        + object
        + "ltb.";
  }

  /** An array state's BUILD after _reconstruct. */
  static String array(String code, char order, String shape, String fortran, String data) {
    return "cnumpy.core.multiarray\n_reconstruct\n"
        + "(cnumpy\nndarray\n(K\0tU\u0001btR"
        + "(K\u0001("
        + shape
        + "t"
        + dtype(code, order)
        + fortran
        + data
        + "tb";
  }

  static String dtype(String code, char order) {
    return "cnumpy\ndtype\n(U"
        + (char) code.length()
        + code
        + "K\0K\u0001tR(K\u0003U\u0001"
        + order
        + "NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb";
  }

  /** Short bytes. */
  static String data(String bytes) {
    return "U" + (char) bytes.length() + bytes;
  }

  /** The array uint8 [2] of 1 and 2. */
  static String sample() {
    return array("u1", '|', "K\u0002", "\u0089", data("\u0001\u0002"));
  }
}
