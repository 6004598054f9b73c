package dev.graft.weights.hdf5;

/** Bob Jenkins' lookup3 hash (hashlittle, initial value 0), HDF5's checksum of structures. */
final class Lookup3 {
  private static final int START = 0xdeadbeef;

  private int a;
  private int b;
  private int c;

  private Lookup3(int start) {
    a = start;
    b = start;
    c = start;
  }

  /** The hash of the first bytes. */
  static int hash(byte[] bytes, int length) {
    return new Lookup3(START + length).run(bytes, length);
  }

  private int run(byte[] bytes, int length) {
    int at = 0;
    // The last block, of 1 to 12 bytes, is mixed differently.
    for (; length - at > 12; at += 12) {
      add(bytes, at, length);
      mix();
    }
    if (length == 0) {
      return c;
    }
    add(bytes, at, length);
    finish();
    return c;
  }

  private void add(byte[] bytes, int at, int length) {
    a += word(bytes, at, length);
    b += word(bytes, at + 4, length);
    c += word(bytes, at + 8, length);
  }

  private static int word(byte[] bytes, int at, int length) {
    int word = 0;
    for (int i = 0; i < 4 && at + i < length; i++) {
      word |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return word;
  }

  private void mix() {
    a -= c;
    a ^= Integer.rotateLeft(c, 4);
    c += b;
    b -= a;
    b ^= Integer.rotateLeft(a, 6);
    a += c;
    c -= b;
    c ^= Integer.rotateLeft(b, 8);
    b += a;
    a -= c;
    a ^= Integer.rotateLeft(c, 16);
    c += b;
    b -= a;
    b ^= Integer.rotateLeft(a, 19);
    a += c;
    c -= b;
    c ^= Integer.rotateLeft(b, 4);
    b += a;
  }

  private void finish() {
    c ^= b;
    c -= Integer.rotateLeft(b, 14);
    a ^= c;
    a -= Integer.rotateLeft(c, 11);
    b ^= a;
    b -= Integer.rotateLeft(a, 25);
    c ^= b;
    c -= Integer.rotateLeft(b, 16);
    a ^= c;
    a -= Integer.rotateLeft(c, 4);
    b ^= a;
    b -= Integer.rotateLeft(a, 14);
    c ^= b;
    c -= Integer.rotateLeft(b, 24);
  }
}
