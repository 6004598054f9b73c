package dev.graft.weights.torch;

import dev.graft.weights.TestFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Parts of PyTorch's pickles and files, as characters up to U+00FF. */
final class TorchPickles {
  static final String LEGACY_MAGIC =
      "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003.}.";

  private TorchPickles() {}

  static String text(String text) {
    return "X" + (char) text.length() + "\0\0\0" + text;
  }

  /** A pickle of a dictionary of one entry. */
  static String entry(String name, String value) {
    return "\u0080\u0002(" + text(name) + value + "d.";
  }

  static String storage(String type, String key, long count) {
    return "("
        + text("storage")
        + "ctorch\n"
        + type
        + "\n"
        + text(key)
        + text("cpu")
        + "I"
        + count
        + "\ntQ";
  }

  static String view(String type, String key, long count, String metadata) {
    return storage(type, key, count).replace("\ntQ", "\n" + metadata + "tQ");
  }

  static String longs(long... values) {
    StringBuilder out = new StringBuilder("(");
    for (long value : values) {
      out.append('I').append(value).append('\n');
    }
    return out.append('t').toString();
  }

  static String tensor(String storage, long offset, String dims, String strides) {
    return "ctorch._utils\n_rebuild_tensor_v2\n("
        + storage
        + "I"
        + offset
        + "\n"
        + dims
        + strides
        + "I00\nccollections\nOrderedDict\n)RtR";
  }

  /** The tensor float32 [2] in storage 0, all of it. */
  static String sample() {
    return tensor(storage("FloatStorage", "0", 2), 0, longs(2), longs(1));
  }

  /** An archive of stored entries: the pickle, then the others. */
  static byte[] zip(String pickle, Map<String, String> others) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "archive/data.pkl", pickle);
      for (Map.Entry<String, String> other : others.entrySet()) {
        put(zip, other.getKey(), other.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] data = TestFiles.latin1(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
  }
}
