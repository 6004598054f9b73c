package dev.graft.graph.checkpoint;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Writes a LevelDB table, uncompressed, with the same bytes as TensorFlow; see {@link Table}. */
final class TableWriter {
  private static final int BLOCK_BYTES = 1 << 18;
  private static final int RESTART_INTERVAL = 16;
  private static final int HANDLES_BYTES = 40;
  private static final int MAGIC_LOW = 0x8b80fb57;
  private static final int MAGIC_HIGH = 0xdb477524;

  private final Consumer<byte[]> out;
  private long position;
  private final BlockBytes index = new BlockBytes(1);
  private BlockBytes block = new BlockBytes(RESTART_INTERVAL);
  private byte[] lastKey = {};

  /** What the index will say of the block before this one; null where it has been said. */
  private byte[] pendingHandle;

  /**
   * A table without entries.
   *
   * @param out takes the pieces of the file in order
   */
  TableWriter(Consumer<byte[]> out) {
    this.out = out;
  }

  /** Appends an entry, whose key comes after all before it, byte by byte without signs. */
  void add(byte[] key, byte[] value) {
    if (pendingHandle != null) {
      index.add(between(lastKey, key), pendingHandle);
      pendingHandle = null;
    }
    block.add(key, value);
    lastKey = key;
    if (block.size() >= BLOCK_BYTES) {
      endBlock();
    }
  }

  /** Writes what is left. */
  void finish() {
    if (!block.isEmpty()) {
      endBlock();
    }
    byte[] metaIndex = write(new BlockBytes(RESTART_INTERVAL));
    if (pendingHandle != null) {
      index.add(after(lastKey), pendingHandle);
    }
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    footer.writeBytes(metaIndex);
    footer.writeBytes(write(index));
    footer.writeBytes(new byte[HANDLES_BYTES - footer.size()]);
    ProtoBytes.fixed32(footer, MAGIC_LOW);
    ProtoBytes.fixed32(footer, MAGIC_HIGH);
    put(footer.toByteArray());
  }

  private void endBlock() {
    pendingHandle = write(block);
    block = new BlockBytes(RESTART_INTERVAL);
  }

  /** Writes a block and gives its handle. */
  private byte[] write(BlockBytes finished) {
    byte[] bytes = finished.finish();
    ByteArrayOutputStream handle = new ByteArrayOutputStream();
    ProtoBytes.varint(handle, position);
    ProtoBytes.varint(handle, bytes.length);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    crc.update(0);
    ByteArrayOutputStream trailer = new ByteArrayOutputStream();
    trailer.write(0);
    ProtoBytes.fixed32(trailer, Masked.mask((int) crc.getValue()));
    put(bytes);
    put(trailer.toByteArray());
    return handle.toByteArray();
  }

  private void put(byte[] bytes) {
    out.accept(bytes);
    position += bytes.length;
  }

  /** A short key that is at least {@code first} and less than {@code next}. */
  private static byte[] between(byte[] first, byte[] next) {
    int at = Arrays.mismatch(first, next);
    if (at < 0 || at >= first.length || at >= next.length) {
      return first;
    }
    int raised = (first[at] & 0xff) + 1;
    if (raised >= (next[at] & 0xff)) {
      return first;
    }
    byte[] shorter = Arrays.copyOf(first, at + 1);
    shorter[at] = (byte) raised;
    return shorter;
  }

  /** A short key that is at least this one. */
  private static byte[] after(byte[] key) {
    for (int at = 0; at < key.length; at++) {
      if (key[at] != (byte) 0xff) {
        byte[] shorter = Arrays.copyOf(key, at + 1);
        shorter[at]++;
        return shorter;
      }
    }
    return key;
  }
}
