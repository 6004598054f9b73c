package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import java.util.Arrays;

/** HDF5's Fletcher-32 checksum, which stands in the last four bytes of a chunk. */
final class Fletcher32 {
  private static final int SIZE = 4;

  private Fletcher32() {}

  /** The bytes before the checksum, which has to be theirs. */
  static byte[] check(byte[] bytes, String what) {
    if (bytes.length < SIZE) {
      throw new MalformedWeightsException(
          what + ": " + bytes.length + " bytes, too few for a checksum");
    }
    int end = bytes.length - SIZE;
    int found = 0;
    for (int i = SIZE - 1; i >= 0; i--) {
      found = found << 8 | (bytes[end + i] & 0xff);
    }
    int expected = sum(bytes, end);
    if (found != expected && found != halvesSwapped(expected)) {
      throw new MalformedWeightsException(
          String.format("%s: checksum %08x, expected %08x", what, found, expected));
    }
    return Arrays.copyOf(bytes, end);
  }

  /** What HDF5 before 1.6.3 wrote on little-endian machines, and readers accept to this day. */
  private static int halvesSwapped(int sum) {
    return (sum & 0x00ff00ff) << 8 | (sum >>> 8 & 0x00ff00ff);
  }

  /** The sum over pairs of bytes, the first of each being the more significant one. */
  private static int sum(byte[] bytes, int length) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < length; i += 2) {
      int second = i + 1 < length ? bytes[i + 1] & 0xff : 0;
      low = (low + ((bytes[i] & 0xff) << 8 | second)) % 0xffff;
      high = (high + low) % 0xffff;
    }
    // A multiple of 65535 that is not 0 folds to 65535, not to 0.
    return (int) (high << 16 | low);
  }
}
