package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import java.util.Arrays;

/** Decodes LZF, h5py's own compression. */
final class Lzf {
  private static final int LITERAL = 32;

  private Lzf() {}

  /**
   * Decodes all bytes.
   *
   * @param most how many bytes they may decode to
   */
  static byte[] decode(byte[] in, int most, String what) {
    byte[] out = new byte[most];
    int from = 0;
    int to = 0;
    while (from < in.length) {
      int control = in[from++] & 0xff;
      if (control < LITERAL) {
        int count = control + 1;
        if (count > in.length - from || count > most - to) {
          throw broken(what, from);
        }
        System.arraycopy(in, from, out, to, count);
        from += count;
        to += count;
        continue;
      }
      int count = control >> 5;
      if (count == 7 && from < in.length) {
        count += in[from++] & 0xff;
      }
      if (from == in.length) {
        throw broken(what, from);
      }
      int back = ((control & 0x1f) << 8 | (in[from++] & 0xff)) + 1;
      count += 2;
      if (back > to || count > most - to) {
        throw broken(what, from);
      }
      // Byte by byte: the run may repeat what it has just made.
      for (int i = 0; i < count; i++, to++) {
        out[to] = out[to - back];
      }
    }
    return Arrays.copyOf(out, to);
  }

  private static MalformedWeightsException broken(String what, int at) {
    return new MalformedWeightsException(what + ": its lzf bytes are broken at byte " + at);
  }
}
