package dev.graft.graph.checkpoint;

import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A block of a LevelDB table: entries whose keys are given by what differs from the key before,
 * then the places of those entries that repeat nothing. In the file a byte with the compression and
 * a checksum follow it.
 */
final class Block {
  /** What follows a block in the file: compression and checksum, in bytes. */
  static final int TRAILER_BYTES = 5;

  /** The longest key. */
  static final int MAX_KEY_BYTES = 1 << 13;

  private static final int PIECE_BYTES = 1 << 16;
  private static final int UNCOMPRESSED = 0;
  private static final int SNAPPY = 1;

  /** Takes entries. */
  interface Visitor {
    /**
     * An entry.
     *
     * @param key its bytes as characters up to U+00FF
     */
    void entry(String key, Cursor value);
  }

  private final Bytes bytes;
  private final String source;
  private final long start;
  private final long end;
  private final int inflatedBytes;

  private Block(Bytes bytes, String source, long start, long end, int inflatedBytes) {
    this.bytes = bytes;
    this.source = source;
    this.start = start;
    this.end = end;
    this.inflatedBytes = inflatedBytes;
  }

  /**
   * A block of a file.
   *
   * @param start of the block; it and its trailer lie in the file
   * @param size in bytes, without the trailer
   * @param verify whether to compare the checksum, which reads every byte
   * @param maxInflated the most bytes that it may become where it is compressed
   */
  static Block open(MappedFile file, long start, long size, boolean verify, int maxInflated) {
    long end = start + size;
    Cursor trailer = new Cursor(file, file.source(), end, end + TRAILER_BYTES);
    int compression = trailer.u8();
    int stored = trailer.fixed32();
    if (verify || compression != UNCOMPRESSED) {
      int actual = Masked.mask(checksum(file, start, end + 1));
      if (actual != stored) {
        throw trailer.error(
            String.format(
                "the checksum of the block at byte %d is %08x, expected %08x",
                start, actual, stored));
      }
    }
    if (compression == UNCOMPRESSED) {
      return new Block(file, file.source(), start, end, 0);
    }
    if (compression != SNAPPY) {
      throw trailer.error(
          "the block at byte "
              + start
              + " has compression "
              + compression
              + ", expected 0 or 1 (snappy)");
    }
    byte[] inflated = Snappy.decompress(new Cursor(file, file.source(), start, end), maxInflated);
    String source = file.source() + ": compressed block at byte " + start;
    return new Block(
        new BufferBytes(ByteBuffer.wrap(inflated)), source, 0, inflated.length, inflated.length);
  }

  /** Bytes that it takes on the heap. */
  int inflatedBytes() {
    return inflatedBytes;
  }

  /** Gives all entries, and checks that the list of those that repeat nothing is right. */
  void forEach(Visitor visitor) {
    Cursor restarts = restarts();
    long entriesEnd = restarts.position();
    Cursor in = new Cursor(bytes, source, start, entriesEnd);
    byte[] key = new byte[MAX_KEY_BYTES];
    int keyLength = 0;
    long nextRestart = restarts.fixed32() & 0xffffffffL;
    if (nextRestart != 0) {
      throw restarts.error("the first restart is " + nextRestart + ", expected 0");
    }
    while (!in.atEnd()) {
      long offset = in.position() - start;
      int shared = in.varint31("a shared length");
      int added = in.varint31("a length of a key");
      int length = in.varint31("a length of a value");
      if (offset == nextRestart) {
        if (shared != 0) {
          throw in.error("the entry at a restart shares " + shared + " bytes, expected 0");
        }
        nextRestart = restarts.atEnd() ? -1 : restarts.fixed32() & 0xffffffffL;
      }
      if (shared > keyLength) {
        throw in.error("shares " + shared + " bytes with a key of " + keyLength);
      }
      if (added > MAX_KEY_BYTES - shared) {
        throw in.error(
            "a key of " + ((long) shared + added) + " bytes, expected at most " + MAX_KEY_BYTES);
      }
      System.arraycopy(in.take(added), 0, key, shared, added);
      keyLength = shared + added;
      visitor.entry(new String(key, 0, keyLength, StandardCharsets.ISO_8859_1), in.part(length));
    }
    if (nextRestart > 0 || !restarts.atEnd()) {
      throw restarts.error("a restart is not where an entry begins");
    }
  }

  /** The list of restarts, from its first element on. */
  private Cursor restarts() {
    long size = end - start;
    Cursor count = new Cursor(bytes, source, Math.max(start, end - Integer.BYTES), end);
    long restarts = count.fixed32() & 0xffffffffL;
    if (restarts == 0 || restarts > size / Integer.BYTES - 1) {
      throw count.error(restarts + " restarts in a block of " + size + " bytes");
    }
    long last = end - Integer.BYTES;
    return new Cursor(bytes, source, last - restarts * Integer.BYTES, last);
  }

  private static int checksum(Bytes bytes, long start, long end) {
    CRC32C crc = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end - start));
    for (long at = start; at < end; at += piece.limit()) {
      piece.clear().limit((int) Math.min(piece.capacity(), end - at));
      bytes.read(at, piece);
      crc.update(piece.flip());
    }
    return (int) crc.getValue();
  }
}
