package dev.graft.weights.caffe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds protobuf messages field by field. */
final class Protos {
  private Protos() {}

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    while (rest >>> 7 != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }

  static byte[] number(int field, long value) {
    return join(varint(field << 3), varint(value));
  }

  static byte[] bytes(int field, byte[]... content) {
    byte[] all = join(content);
    return join(varint(field << 3 | 2), varint(all.length), all);
  }

  static byte[] text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  /** A float with its own tag, as it stands where a repeated field is not packed. */
  static byte[] single(int field, float value) {
    return join(varint(field << 3 | 5), floats(value));
  }

  /** A current shape. */
  static byte[] shape(long... dims) {
    byte[] packed = {};
    for (long dim : dims) {
      packed = join(packed, varint(dim));
    }
    return bytes(7, bytes(1, packed));
  }

  /** A network of a current layer {@code x} with one array. */
  static byte[] net(byte[]... blob) {
    return join(text(1, "n"), layer("x", bytes(7, blob)));
  }

  static byte[] layer(String name, byte[]... fields) {
    return bytes(100, text(1, name), text(2, "Convolution"), join(fields));
  }
}
