package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The filters that each chunk went through when it was written, undone in the reverse order. */
final class Filters {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  private static final int SZIP = 4;
  private static final int NBIT = 5;
  private static final int SCALE_OFFSET = 6;
  private static final int LZF = 32000;
  private static final int MAX_FILTERS = 4;
  private static final int FIRST_NAMED = 256;

  private final List<Integer> ids;

  private Filters(List<Integer> ids) {
    this.ids = List.copyOf(ids);
  }

  static Filters none() {
    return new Filters(List.of());
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  /** Reads the body of a filter message. */
  static Filters read(Cursor body) {
    int version = body.version(1, 2);
    int count = body.u8();
    body.skip(version == 1 ? 6 : 0);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = body.u16();
      int nameLength = version == 1 || id >= FIRST_NAMED ? body.u16() : 0;
      body.skip(2);
      int values = body.u16();
      body.skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
      body.skip(4L * values + (version == 1 && values % 2 == 1 ? 4 : 0));
      if (id != DEFLATE && id != SHUFFLE && id != FLETCHER32 && id != LZF) {
        throw body.malformed(
            "the filter " + name(id) + " is not read; read are gzip, shuffle, lzf and fletcher32");
      }
      if (ids.contains(id) || ids.size() == MAX_FILTERS) {
        throw body.malformed("the filter " + name(id) + " is there twice");
      }
      ids.add(id);
    }
    return new Filters(ids);
  }

  private static String name(int id) {
    return switch (id) {
      case DEFLATE -> "gzip";
      case SHUFFLE -> "shuffle";
      case FLETCHER32 -> "fletcher32";
      case SZIP -> "szip";
      case NBIT -> "nbit";
      case SCALE_OFFSET -> "scaleoffset";
      case LZF -> "lzf";
      default -> "number " + id;
    };
  }

  /**
   * Undoes the filters of one chunk.
   *
   * @param mask a bit for each filter, from the lowest on, that was left out
   * @param size how many bytes the chunk has
   * @param what what messages call the chunk
   */
  byte[] decode(byte[] stored, int mask, int size, int elementSize, String what) {
    byte[] bytes = stored;
    // A checksum that was made before the compression is part of what is compressed.
    int most = size + 4;
    for (int i = ids.size() - 1; i >= 0; i--) {
      if ((mask >> i & 1) != 0) {
        continue;
      }
      bytes =
          switch (ids.get(i)) {
            case DEFLATE -> inflate(bytes, most, what);
            case SHUFFLE -> unshuffle(bytes, elementSize);
            case FLETCHER32 -> Fletcher32.check(bytes, what);
            default -> Lzf.decode(bytes, most, what);
          };
    }
    if (bytes.length != size) {
      throw new MalformedWeightsException(
          what + ": decodes to " + bytes.length + " bytes, expected " + size);
    }
    return bytes;
  }

  private static byte[] inflate(byte[] bytes, int most, String what) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      byte[] out = new byte[most];
      int count = 0;
      while (!inflater.finished()) {
        int more = inflater.inflate(out, count, most - count);
        count += more;
        if (more == 0 && !inflater.finished()) {
          throw new MalformedWeightsException(
              what
                  + (count == most
                      ? ": its gzip bytes make more than " + most + " bytes"
                      : ": its gzip bytes stop before their end mark"));
        }
      }
      return count == most ? out : Arrays.copyOf(out, count);
    } catch (DataFormatException e) {
      throw new MalformedWeightsException(what + ": its gzip bytes are broken: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  /** Brings the bytes of each element together again: first come all first bytes, and so on. */
  private static byte[] unshuffle(byte[] bytes, int elementSize) {
    int count = bytes.length / elementSize;
    if (elementSize == 1 || count < 2) {
      return bytes;
    }
    byte[] out = bytes.clone();
    for (int part = 0; part < elementSize; part++) {
      for (int i = 0, to = part; i < count; i++, to += elementSize) {
        out[to] = bytes[part * count + i];
      }
    }
    return out;
  }
}
