package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** PyTorch archives, old and new, whose pickles or storages lie. */
final class HostileTorch implements HostileFiles {
  private static final int MANY = 290_000;
  private static final String REBUILD = "ctorch._utils\n_rebuild_tensor_v2\n";
  private static final String EMPTY = "ccollections\nOrderedDict\n)R";

  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    corpus.harmless(
        "honest.pth",
        archive(begin().add(entry(tensor("K\4", "K\0", "K\4", "K\1"))).add(".").bytes(), 4));
    for (Map.Entry<String, PickleBytes> entry : pickles().entrySet()) {
      byte[] pickle = entry.getValue().add(".").bytes();
      corpus.refused(entry.getKey() + ".pth", archive(pickle, 4));
      corpus.refused(entry.getKey() + "-legacy.pth", legacy(pickle));
    }
  }

  private static Map<String, PickleBytes> pickles() {
    Map<String, PickleBytes> pickles = new LinkedHashMap<>();
    pickles.put("flood-of-dictionaries", begin().add("}", MANY));
    pickles.put("flood-of-lists", begin().add("]", MANY));
    pickles.put("flood-of-filled-dictionaries", begin().add("}K\u0001Ns", MANY / 4));
    pickles.put("deep-tuples", begin().add(")").add("\u0085", MANY));
    pickles.put(
        "deep-dictionaries", begin().add("}X\1\0\0\0a", MANY / 3).add("N").add("s", MANY / 3));
    pickles.put("dictionary-in-itself", begin().add("}q\1X\1\0\0\0ah\1s"));
    pickles.put("list-in-itself", begin().add("]q\1h\1a"));
    pickles.put("tuple-of-twice", begin().add("}X\1\0\0\0a)").add("2\u0086", MANY / 2).add("s"));
    pickles.put(
        "dictionary-of-twice", begin().add("}").add("q\1}X\1\0\0\0ah\1sX\1\0\0\0bh\1s", MANY / 10));
    pickles.put(
        "negative-size",
        begin().add(entry(tensor("J\u00ff\u00ff\u00ff\u00ff", "K\0", "K\4", "K\1"))));
    pickles.put(
        "negative-offset",
        begin().add(entry(tensor("K\4", "J\u00ff\u00ff\u00ff\u00ff", "K\1", "K\1"))));
    pickles.put(
        "negative-stride",
        begin().add(entry(tensor("K\4", "K\3", "K\2", "J\u00ff\u00ff\u00ff\u00ff"))));
    pickles.put("offset-beyond", begin().add(entry(tensor("K\4", "K\3", "K\2", "K\1"))));
    pickles.put(
        "stride-beyond",
        begin().add(entry(tensor("K\4", "K\0", "K\2", "J\u00ff\u00ff\u00ff\u007f"))));
    String most = "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f";
    pickles.put("storage-of-most", begin().add(entry(tensor(most, "K\0", "K\1", "K\1"))));
    pickles.put("size-of-most", begin().add(entry(tensor("K\4", "K\0", most, "K\1"))));
    pickles.put("offset-of-most", begin().add(entry(tensor("K\4", most, "K\1", "K\1"))));
    pickles.put(
        "size-of-2-to-64",
        begin().add(entry(tensor("K\4", "K\0", "J\0\0\1\0".repeat(4), "K\0".repeat(4)))));
    pickles.put(
        "many-dimensions",
        begin().add(entry(tensor("K\4", "K\0", "K\1".repeat(1000), "K\0".repeat(1000)))));
    pickles.put("system", begin().add("cposix\nsystem\nX\4\0\0\0echo\u0085R"));
    pickles.put("storage-id-of-a-list", begin().add("}X\1\0\0\0a]Qs"));
    pickles.put(
        "storage-id-of-a-deep-tuple", begin().add("}X\1\0\0\0a)").add("\u0085", 1000).add("Qs"));
    return pickles;
  }

  private static PickleBytes begin() {
    return new PickleBytes().add("\u0080\u0002");
  }

  private static String entry(String tensor) {
    return "}X\1\0\0\0a" + tensor + "s";
  }

  /** A tensor in the storage 0 of float32. */
  private static String tensor(String elements, String offset, String size, String stride) {
    String storage =
        "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "0X\3\0\0\0cpu" + elements + "tQ";
    return REBUILD + "(" + storage + offset + "(" + size + "t(" + stride + "t\u0089" + EMPTY + "tR";
  }

  private static byte[] archive(byte[] pickle, int elements) {
    return new RawZip()
        .stored("archive/data.pkl", pickle)
        .stored("archive/data/0", new byte[elements * Float.BYTES])
        .stored("archive/version", Npy.latin1("3\n"))
        .finish();
  }

  /** Magic number, protocol, system, then the pickle, the keys and one storage. */
  private static byte[] legacy(byte[] pickle) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Npy.latin1("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."));
    out.writeBytes(Npy.latin1("\u0080\2M\u00e9\3."));
    out.writeBytes(Npy.latin1("\u0080\2}X\r\0\0\0little_endian\u0088s."));
    out.writeBytes(pickle);
    out.writeBytes(Npy.latin1("\u0080\2]X\1\0\0\0" + "0a."));
    out.writeBytes(new PickleBytes().number(4, Long.BYTES).bytes());
    out.writeBytes(new byte[4 * Float.BYTES]);
    return out.toByteArray();
  }
}
