package dev.graft.containers.hostile;

import static dev.graft.containers.hostile.PickleBytes.array;

import java.io.IOException;

/** Pickles that are small and make something large, deep, endless or slow. */
final class PickleBombs implements HostileFiles {
  private static final int MANY = 900_000;
  private static final long HUGE = Long.MAX_VALUE;

  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    addNesting(corpus);
    addSharing(corpus);
    addLoops(corpus);
    addLengths(corpus);
    addFloods(corpus);
    addShapes(corpus);
  }

  private static PickleBytes pickle() {
    return new PickleBytes();
  }

  private static void addNesting(HostileCorpus corpus) throws IOException {
    corpus.refused("deep-tuples.npy", pickle().add(")").add("\u0085", MANY).asEntry());
    corpus.refused("deep-lists.npy", pickle().add("]", 400_000).add("a", 399_999).asEntry());
    corpus.refused("deep-marks.npy", pickle().add("(", MANY).add("t", MANY).asEntry());
    corpus.refused("deeper-than-counted.npy", pickle().add("]", 3_000_000).asEntry());
    corpus.refused(
        "deep-dictionaries.npy",
        pickle().add("}K\u0001", 200_000).add("N").add("s", 200_000).asEntry());
    corpus.refused(
        "deep-ordered-dictionaries.npy",
        pickle().add("ccollections\nOrderedDict\n)RK\u0001", 100_000).add("s", 99_999).asEntry());
  }

  private static void addSharing(HostileCorpus corpus) throws IOException {
    // Each tuple holds the last one twice: walking it would take 2^400000 steps.
    corpus.refused("tuple-of-twice.npy", pickle().add(")").add("2\u0086", 400_000).asEntry());
    corpus.refused(
        "list-of-twice.npy", pickle().add("]").add("q\u0001]h\u0001ah\u0001a", 100_000).asEntry());
    StringBuilder laughs = new StringBuilder("](");
    laughs.append("K\u0001".repeat(1000)).append("eq\0");
    for (int level = 1; level < 60; level++) {
      String last = "h" + (char) (level - 1);
      laughs.append("](").append(last.repeat(1000)).append("eq").append((char) level);
    }
    corpus.refused(
        "billion-laughs.npy", pickle().add("(").add(laughs.toString()).add("1").asEntry());
    String list = "](" + "K\u0001".repeat(1000) + "eq\u0001";
    StringBuilder names = new StringBuilder("}" + list + "0");
    for (int i = 0; i < 1000; i++) {
      String name = "name" + i;
      names
          .append("X")
          .append((char) name.length())
          .append("\0\0\0")
          .append(name)
          .append("h\u0001s");
    }
    corpus.refused("list-under-a-thousand-names.npy", pickle().add(names.toString()).asObject());
    corpus.refused(
        "pairs-put-again-and-again.npy",
        pickle()
            .add("](")
            .add(pairs(1000))
            .add("e\u0085q\u0001ccollections\nOrderedDict\nq\u00020")
            .add("h\u0002h\u0001R0", 200_000)
            .asEntry());
  }

  private static String pairs(int count) {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < count; i++) {
      pairs.append("M").append((char) (i & 0xff)).append((char) (i >> 8)).append("N\u0086");
    }
    return pairs.toString();
  }

  private static void addLoops(HostileCorpus corpus) throws IOException {
    corpus.refused("list-in-itself.npy", pickle().add("]q\u0001h\u0001a").asEntry());
    corpus.refused("list-in-itself-as-root.npy", pickle().add("]q\u0001h\u0001a").asObject());
    corpus.refused("dictionary-in-itself.npy", pickle().add("}q\u0001K\u0001h\u0001s").asEntry());
    corpus.refused(
        "dictionary-as-its-own-entry.npy",
        pickle().add("}q\u0001X\u0001\0\0\0xh\u0001s").asObject());
    corpus.refused("tuple-in-its-list.npy", pickle().add("]q\u0001h\u0001\u0085a").asEntry());
    corpus.refused(
        "array-in-itself.npy",
        pickle()
            .add("\u0080\u0002" + PickleBytes.RECONSTRUCT + "q\u0001(K\u0001)")
            .add(PickleBytes.dtype("O8", '|'))
            .add("\u0089](h\u0001etb.")
            .asPickle());
    corpus.refused("reference-to-nothing.npy", pickle().add("j\u00ff\u00ff\u00ff\u00ff").asEntry());
    corpus.refused(
        "state-of-its-own-state.npy", pickle().add(PickleBytes.RECONSTRUCT + "2b").asEntry());
  }

  private static void addLengths(HostileCorpus corpus) throws IOException {
    for (long length : new long[] {HUGE, -1, Long.MIN_VALUE, 1L << 40, Integer.MAX_VALUE}) {
      corpus.refused(
          "bytes8-" + length + ".npy", pickle().add("\u008e").number(length, 8).asEntry());
      corpus.refused(
          "text8-" + length + ".npy", pickle().add("\u008d").number(length, 8).asEntry());
      corpus.refused(
          "array8-" + length + ".npy", pickle().add("\u0096").number(length, 8).asEntry());
      corpus.refused(
          "frame-" + length + ".npy", pickle().add("\u0095").number(length, 8).asEntry());
    }
    for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 30}) {
      corpus.refused(
          "long4-" + length + ".npy", pickle().add("\u008b").number(length, 4).asEntry());
      corpus.refused("string-" + length + ".npy", pickle().add("T").number(length, 4).asEntry());
      corpus.refused("bytes-" + length + ".npy", pickle().add("B").number(length, 4).asEntry());
      corpus.refused("text-" + length + ".npy", pickle().add("X").number(length, 4).asEntry());
    }
    int two = 2_000_000;
    corpus.refused("long1-255.npy", pickle().add("\u008a\u00ff").add("\u0001", 255).asEntry());
    corpus.refused("digits-of-int.npy", pickle().add("I").add("9", two).add("\n").asEntry());
    corpus.refused("digits-of-long.npy", pickle().add("L").add("9", two).add("L\n").asEntry());
    corpus.refused("digits-of-float.npy", pickle().add("F").add("9", two).add("\n").asEntry());
    corpus.refused("float-without-end.npy", pickle().add("F1e999999999\nS'").asPickle());
    corpus.refused("line-without-end.npy", pickle().add("S'").add("\\x00", two).asPickle());
    corpus.refused("module-without-end.npy", pickle().add("c").add("a.", two).asPickle());
    corpus.refused("escapes.npy", pickle().add("S'").add("\\x00", two).add("'\n").asEntry());
    corpus.refused(
        "unicode-escapes.npy", pickle().add("V").add("\\u00ff", two).add("\n").asEntry());
  }

  private static void addFloods(HostileCorpus corpus) throws IOException {
    corpus.refused("flood-of-lists.npy", pickle().add("]", MANY).asEntry());
    corpus.refused("flood-of-dictionaries.npy", pickle().add("}", MANY).asEntry());
    corpus.refused("flood-of-kept-dictionaries.npy", pickle().add("}\u0094", MANY / 2).asEntry());
    corpus.refused(
        "flood-of-filled-dictionaries.npy", pickle().add("}K\u0001Ns", 200_000).asEntry());
    corpus.refused("flood-of-floats.npy", pickle().add("G\0\0\0\0\0\0\0\u0001", MANY).asEntry());
    corpus.refused("flood-of-numbers.npy", pickle().add("J\u00ff\u00ff\u00ffw", MANY).asEntry());
    corpus.refused("flood-of-strings.npy", pickle().add("U\0", MANY).asEntry());
    corpus.refused("flood-of-copies.npy", pickle().add("N").add("2", MANY).asEntry());
    corpus.refused("flood-of-memos.npy", pickle().add("N").add("\u0094", MANY).asEntry());
    corpus.refused("flood-of-marks.npy", pickle().add("(", MANY).asEntry());
    corpus.refused("flood-of-frames.npy", pickle().add("\u0095\0\0\0\0\0\0\0\0", MANY).asEntry());
    String longName = "q\u0001X\0\u0004\0\0" + "n".repeat(1024) + "\u0085q\u00020";
    corpus.refused(
        "flood-of-dtypes.npy",
        pickle().add("cnumpy\ndtype\n").add(longName).add("h\u0001h\u0002R", 300_000).asEntry());
    corpus.refused(
        "flood-of-scalars.npy",
        pickle()
            .add("cnumpy.core.multiarray\nscalar\nq\u0001")
            .add(PickleBytes.dtype("i4", '<') + "U\u0004\0\0\0\0\u0086q\u00020")
            .add("h\u0001h\u0002R", 300_000)
            .asEntry());
    corpus.refused(
        "flood-of-long-keys.npy",
        pickle()
            .add("X\0\u0004\0\0")
            .add("k", 1024)
            .add("q\u00010")
            .add("}h\u0001Ns", 200_000)
            .asEntry());
  }

  private static void addShapes(HostileCorpus corpus) throws IOException {
    String big = "J\0\0\u0001\0";
    corpus.refused(
        "shape-2-to-64.npy", pickle().add(array("(" + big.repeat(4) + "t", "U\0")).asEntry());
    corpus.refused(
        "shape-2-to-80.npy", pickle().add(array("(" + big.repeat(5) + "t", "U\0")).asEntry());
    corpus.refused(
        "shape-negative.npy",
        pickle().add(array("(J\u00ff\u00ff\u00ff\u00fft", "U\u0001a")).asEntry());
    corpus.refused(
        "shape-negative-twice.npy",
        pickle()
            .add(array("(J\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00fft", "U\u0001a"))
            .asEntry());
    corpus.refused(
        "shape-of-most.npy",
        pickle()
            .add(array("(\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007ft", "U\0"))
            .asEntry());
    corpus.harmless(
        "shape-of-most-and-none.npy",
        pickle()
            .add(array("(\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fK\0t", "U\0"))
            .asEntry());
    corpus.refused(
        "shape-of-many.npy",
        pickle().add(array("(" + "K\u0001".repeat(100_000) + "t", "U\u0001a")).asEntry());
    corpus.refused("shape-of-text.npy", pickle().add(array("(U\u00012t", "U\u0001a")).asEntry());
    corpus.refused("shape-true.npy", pickle().add(array("(\u0088t", "U\u0001a")).asEntry());
    // One array under many names costs the file nothing.
    corpus.harmless(
        "list-of-one-array.npy",
        pickle()
            .add("](")
            .add(array("(K\u0001t", "U\u0001a") + "q\u0001")
            .add("h\u0001", 90_000)
            .add("e")
            .asEntry());
  }
}
