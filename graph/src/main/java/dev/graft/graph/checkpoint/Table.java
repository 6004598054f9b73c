package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a LevelDB table, by ascending keys: what the index of a V2 checkpoint and the
 * whole of a V1 checkpoint are. All of its structure is checked, for TensorFlow's own reader trusts
 * most of it: blocks follow each other without a gap from the first byte to the footer, keys
 * ascend, and the index of the blocks tells what is in them.
 *
 * <p>Checksums are compared for blocks of up to 1 MiB. Larger ones hold the elements of an array,
 * which are used in place, and opening a file must not read all of it.
 */
final class Table {
  /** The most entries. */
  static final int MAX_ENTRIES = 1 << 16;

  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int MAX_VERIFIED_BYTES = 1 << 20;
  private static final int MAX_INDEX_BYTES = 1 << 26;
  private static final int MAX_INFLATED_BYTES = 1 << 25;
  private static final long MAX_ALL_KEY_BYTES = 1 << 24;

  /**
   * An entry.
   *
   * @param key its bytes as characters up to U+00FF
   * @param bytes what the value lies in, from {@code start} to {@code end}
   * @param source what messages call these bytes
   */
  record Entry(String key, Bytes bytes, String source, long start, long end) {
    Cursor value() {
      return new Cursor(bytes, source, start, end);
    }
  }

  private record Handle(long offset, long size) {
    static Handle read(Cursor in) {
      return new Handle(in.varint(), in.varint());
    }

    /** Where the next block begins. */
    long end() {
      return offset + size + Block.TRAILER_BYTES;
    }
  }

  private final MappedFile file;
  private final List<Entry> entries = new ArrayList<>();
  private String lastKey;
  private long keyBytes;
  private int inflatedBytes;

  private Table(MappedFile file) {
    this.file = file;
  }

  /** Whether a file ends as a table does. Also false where it cannot be read. */
  static boolean isTable(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      long size = channel.size();
      return size >= FOOTER_BYTES
          && channel.read(magic, size - Long.BYTES) == Long.BYTES
          && magic.getLong(0) == MAGIC;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * All entries of a table.
   *
   * @throws MalformedWeightsException where it is broken
   */
  static List<Entry> read(MappedFile file) {
    Table table = new Table(file);
    table.readAll();
    return table.entries;
  }

  private void readAll() {
    long footerStart = file.length() - FOOTER_BYTES;
    if (footerStart < 0) {
      throw new Cursor(file, file.source(), 0, file.length())
          .error("truncated: expected at least the " + FOOTER_BYTES + " bytes of a table's footer");
    }
    Cursor footer = new Cursor(file, file.source(), footerStart, file.length());
    Handle metaIndex = Handle.read(footer);
    Handle index = Handle.read(footer);
    while (footer.remaining() > Long.BYTES) {
      if (footer.u8() != 0) {
        throw footer.error("expected the footer's padding to be 0");
      }
    }
    if (footer.remaining() < Long.BYTES || footer.fixed64() != MAGIC) {
      throw footer.error("expected a table's footer to end here with its magic number");
    }
    requireInside(metaIndex, footerStart, "metaindex");
    requireInside(index, footerStart, "index");
    requireEnd(metaIndex, index.offset(), "metaindex");
    requireEnd(index, footerStart, "index");
    block(metaIndex, true).forEach((key, value) -> {});
    long[] next = {0};
    block(index, true)
        .forEach(
            (separator, value) -> {
              Handle handle = Handle.read(value);
              if (!value.atEnd()) {
                throw value.error("expected the block's handle to end here");
              }
              requireInside(handle, metaIndex.offset(), "data");
              if (handle.offset() != next[0]) {
                throw value.error(
                    "a block begins at byte " + handle.offset() + ", expected byte " + next[0]);
              }
              next[0] = handle.end();
              readBlock(handle, separator, value);
            });
    if (next[0] != metaIndex.offset()) {
      throw footer.error(
          "the metaindex begins at byte " + metaIndex.offset() + ", expected byte " + next[0]);
    }
  }

  private void readBlock(Handle handle, String separator, Cursor place) {
    int before = entries.size();
    Block block = block(handle, handle.size() <= MAX_VERIFIED_BYTES);
    block.forEach(this::add);
    if (entries.size() == before) {
      throw place.error("the block at byte " + handle.offset() + " is empty");
    }
    if (lastKey.compareTo(separator) > 0) {
      throw place.error(
          "the block at byte " + handle.offset() + " has keys beyond what the index says");
    }
    // The next block's keys are beyond this one's separator.
    lastKey = separator;
  }

  private void add(String key, Cursor value) {
    if (lastKey != null && key.compareTo(lastKey) <= 0) {
      throw value.error("the key " + Printable.of(key) + " does not ascend");
    }
    lastKey = key;
    keyBytes += key.length();
    if (entries.size() == MAX_ENTRIES || keyBytes > MAX_ALL_KEY_BYTES) {
      throw value.error(
          "expected at most "
              + MAX_ENTRIES
              + " entries with keys of at most "
              + MAX_ALL_KEY_BYTES
              + " bytes in all");
    }
    long start = value.position();
    entries.add(new Entry(key, value.bytes(), value.source(), start, start + value.remaining()));
  }

  private Block block(Handle handle, boolean verify) {
    Block block =
        Block.open(
            file, handle.offset(), handle.size(), verify, MAX_INFLATED_BYTES - inflatedBytes);
    inflatedBytes += block.inflatedBytes();
    return block;
  }

  private void requireEnd(Handle handle, long end, String what) {
    if (handle.size() > MAX_INDEX_BYTES) {
      throw misplaced(handle, what, "expected at most " + MAX_INDEX_BYTES + " bytes");
    }
    if (handle.end() != end) {
      throw misplaced(handle, what, "expected it to end at byte " + end);
    }
  }

  private void requireInside(Handle handle, long end, String what) {
    if (handle.offset() < 0
        || handle.size() < 0
        || handle.offset() > end - Block.TRAILER_BYTES
        || handle.size() > end - Block.TRAILER_BYTES - handle.offset()) {
      throw misplaced(handle, what, "expected it to end before byte " + end);
    }
  }

  private MalformedWeightsException misplaced(Handle handle, String what, String expected) {
    return new Cursor(file, file.source(), handle.offset(), handle.offset())
        .error("the " + what + " block of " + handle.size() + " bytes: " + expected);
  }
}
