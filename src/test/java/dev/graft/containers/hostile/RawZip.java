package dev.graft.containers.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A zip archive whose headers say what one likes. */
final class RawZip {
  static final int STORED = 0;
  static final int DEFLATED = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<byte[]> directory = new ArrayList<>();

  /** Where the next entry's header will be. */
  int position() {
    return out.size();
  }

  /** An honest stored entry. */
  RawZip stored(String name, byte[] content) {
    return stored(name.getBytes(StandardCharsets.UTF_8), 1 << 11, content);
  }

  /** A stored entry with these bytes for a name. */
  RawZip stored(byte[] name, int flags, byte[] content) {
    int crc = crc(content);
    return entry(name, flags, STORED, crc, content, content.length, content.length);
  }

  /** An honest deflated entry. */
  RawZip deflated(String name, byte[] content) {
    return deflated(name, content, content.length);
  }

  /** A deflated entry that claims to have another size. */
  RawZip deflated(String name, byte[] content, long size) {
    byte[] packed = deflate(content);
    byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
    return entry(rawName, 0, DEFLATED, crc(content), packed, packed.length, size);
  }

  /** Any entry. */
  RawZip entry(
      byte[] name, int flags, int method, int crc, byte[] data, long storedSize, long size) {
    listed(name, flags, method, crc, storedSize, size, position());
    out.writeBytes(local(name, flags, method, crc, storedSize, size));
    out.writeBytes(data);
    return this;
  }

  /** A local header, wherever one wants it. */
  static byte[] local(byte[] name, int flags, int method, int crc, long storedSize, long size) {
    return little(30 + name.length)
        .putInt(0x04034b50)
        .putShort((short) 20)
        .putShort((short) flags)
        .putShort((short) method)
        .putInt(0)
        .putInt(crc)
        .putInt((int) storedSize)
        .putInt((int) size)
        .putShort((short) name.length)
        .putShort((short) 0)
        .put(name)
        .array();
  }

  /** An entry of the directory alone. */
  RawZip listed(
      byte[] name, int flags, int method, int crc, long storedSize, long size, long headerStart) {
    directory.add(
        little(46 + name.length)
            .putInt(0x02014b50)
            .putShort((short) 20)
            .putShort((short) 20)
            .putShort((short) flags)
            .putShort((short) method)
            .putInt(0)
            .putInt(crc)
            .putInt((int) storedSize)
            .putInt((int) size)
            .putShort((short) name.length)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) 0)
            .putInt(0)
            .putInt((int) headerStart)
            .put(name)
            .array());
    return this;
  }

  /** Bytes between the entries. */
  RawZip bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The archive. */
  byte[] finish() {
    int start = out.size();
    directory.forEach(out::writeBytes);
    return end(directory.size(), out.size() - start, start);
  }

  /** The archive with an end record that says something else. */
  byte[] finish(int count, long size, long start) {
    directory.forEach(out::writeBytes);
    return end(count, size, start);
  }

  private byte[] end(int count, long size, long start) {
    out.writeBytes(
        little(22)
            .putInt(0x06054b50)
            .putInt(0)
            .putShort((short) count)
            .putShort((short) count)
            .putInt((int) size)
            .putInt((int) start)
            .putShort((short) 0)
            .array());
    return out.toByteArray();
  }

  static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] piece = new byte[1 << 16];
    while (!deflater.finished()) {
      packed.write(piece, 0, deflater.deflate(piece));
    }
    deflater.end();
    return packed.toByteArray();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
