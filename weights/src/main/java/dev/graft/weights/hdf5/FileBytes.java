package dev.graft.weights.hdf5;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Appends the fields of HDF5's structures, little-endian. */
final class FileBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  int size() {
    return out.size();
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  /** Single bytes. */
  FileBytes u8(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  FileBytes u16(int value) {
    return uint(value, 2);
  }

  FileBytes u32(long value) {
    return uint(value, 4);
  }

  FileBytes u64(long value) {
    return uint(value, 8);
  }

  private FileBytes uint(long value, int size) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  FileBytes put(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Text in ASCII, without an end mark. */
  FileBytes text(String ascii) {
    return put(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** The checksum of everything so far. */
  FileBytes checksum() {
    byte[] all = toArray();
    return u32(Lookup3.hash(all, all.length));
  }
}
