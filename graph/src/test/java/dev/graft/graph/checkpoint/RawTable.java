package dev.graft.graph.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A table made block by block, so that anything in it can be wrong. */
final class RawTable {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final BlockBytes index = new BlockBytes(1);

  /** A block with this content. */
  RawTable block(String separator, int compression, byte[] content) {
    index.add(latin1(separator), put(compression, content));
    return this;
  }

  /** Bytes that belong to no block. */
  RawTable gap(int bytes) {
    out.writeBytes(new byte[bytes]);
    return this;
  }

  byte[] finish() {
    return finish(index.finish());
  }

  byte[] finish(byte[] indexBlock) {
    byte[] metaIndex = put(0, new BlockBytes(1).finish());
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    footer.writeBytes(metaIndex);
    footer.writeBytes(put(0, indexBlock));
    footer.writeBytes(new byte[40 - footer.size()]);
    footer.writeBytes(latin1("W\u00fb\u0080\u008b$uG\u00db"));
    out.writeBytes(footer.toByteArray());
    return out.toByteArray();
  }

  /** Appends a block and gives its handle. */
  private byte[] put(int compression, byte[] content) {
    ByteArrayOutputStream handle = new ByteArrayOutputStream();
    ProtoBytes.varint(handle, out.size());
    ProtoBytes.varint(handle, content.length);
    CRC32C crc = new CRC32C();
    crc.update(content);
    crc.update(compression);
    out.writeBytes(content);
    out.write(compression);
    ProtoBytes.fixed32(out, Masked.mask((int) crc.getValue()));
    return handle.toByteArray();
  }

  /** A block of these entries, key and value by turns. */
  static byte[] entries(Object... keysAndValues) {
    BlockBytes block = new BlockBytes(16);
    map(keysAndValues).forEach(block::add);
    return block.finish();
  }

  /** A whole table of these entries. */
  static byte[] table(Object... keysAndValues) {
    return Mutator.table(map(keysAndValues));
  }

  private static Map<byte[], byte[]> map(Object... keysAndValues) {
    Map<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      map.put(
          latin1((String) keysAndValues[i]),
          value instanceof byte[] bytes ? bytes : ((ProtoBytes) value).toByteArray());
    }
    return map;
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Compressed without any saving: as literals of up to 60 bytes. */
  static byte[] snappy(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProtoBytes.varint(out, content.length);
    for (int at = 0; at < content.length; at += 60) {
      byte[] literal = Arrays.copyOfRange(content, at, Math.min(at + 60, content.length));
      out.write((literal.length - 1) << 2);
      out.writeBytes(literal);
    }
    return out.toByteArray();
  }
}
