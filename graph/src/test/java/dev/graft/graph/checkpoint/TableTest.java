package dev.graft.graph.checkpoint;

import static dev.graft.graph.checkpoint.RawTable.entries;
import static dev.graft.graph.checkpoint.RawTable.latin1;
import static dev.graft.graph.checkpoint.RawTable.snappy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.MappedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are right, and what is wrong with others. */
class TableTest {
  private static final byte[] ONE = {1};

  @TempDir Path folder;
  private int files;

  private List<String> read(byte[] table) {
    try {
      Path path = Files.write(folder.resolve("t" + files++), table);
      try (MappedFile file = MappedFile.open(path)) {
        return Table.read(file).stream().map(TableTest::text).toList();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(Table.Entry entry) {
    Cursor value = entry.value();
    byte[] bytes = value.take((int) value.remaining());
    return entry.key() + "=" + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void assertRefused(byte[] table, String message) {
    assertThatThrownBy(() -> read(table))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(folder.resolve("t").toString())
        .hasMessageContaining(": byte ")
        .hasMessageContaining(message);
  }

  /** A table of one block, whose keys may go up to "z". */
  private static byte[] block(byte[] content) {
    return new RawTable().block("z", 0, content).finish();
  }

  private static byte[] simple() {
    return block(entries("", ONE, "ab", ONE, "ac", ONE));
  }

  /** The bytes of a block's entries, then the restarts. */
  private static byte[] raw(String entries, int... restarts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin1(entries));
    for (int restart : restarts) {
      ProtoBytes.fixed32(out, restart);
    }
    ProtoBytes.fixed32(out, restarts.length);
    return out.toByteArray();
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  @Test
  void entriesOfSeveralBlocks() {
    byte[] table =
        new RawTable()
            .block("b", 0, entries("", latin1("x"), "a", latin1("")))
            .block("\u00ff", 0, entries("ba", latin1("y"), "bab", latin1("z"), "\u00fe", ONE))
            .finish();
    assertThat(read(table)).containsExactly("=x", "a=", "ba=y", "bab=z", "\u00fe=\u0001");
  }

  @Test
  void footersAndHandles() {
    byte[] table = simple();
    int footer = table.length - 48;
    assertRefused(latin1("short"), "truncated: expected at least the 48 bytes");
    assertRefused(with(table, footer + 20, 1), "expected the footer's padding to be 0");
    assertRefused(with(table, table.length - 1, 0), "to end here with its magic number");
    assertRefused(with(table, footer, 0x7f), "expected it to end ");
    assertRefused(with(table, footer + 1, 9), "the metaindex block of 9 bytes: expected it to end");
    assertRefused(with(table, footer + 3, 1), "the index block of 1 bytes: expected it to end");
    assertRefused(
        new RawTable().gap(1).finish(), "the metaindex begins at byte 1, expected byte 0");
    byte[] gap = new RawTable().gap(3).block("z", 0, entries("", ONE)).finish();
    assertRefused(gap, "a block begins at byte 3, expected byte 0");
    byte[] long1 = new RawTable().block("z", 0, entries("", ONE)).finish(entries("z", new byte[3]));
    assertRefused(long1, "expected the block's handle to end here");
    byte[] beyond =
        new RawTable().block("z", 0, entries("", ONE)).finish(entries("z", new byte[] {0, 99}));
    assertRefused(beyond, "the data block of 99 bytes: expected it to end before byte");
  }

  @Test
  void blocks() {
    assertRefused(with(simple(), 3, 9), "the checksum of the block at byte 0 is ");
    byte[] other = new RawTable().block("z", 2, entries("", ONE)).finish();
    assertRefused(other, "the block at byte 0 has compression 2, expected 0 or 1 (snappy)");
    assertRefused(block(entries()), "the block at byte 0 is empty");
    assertRefused(block(latin1("abc")), "truncated: expected a byte more");
    assertRefused(block(raw("")), "0 restarts in a block of 4 bytes");
    assertRefused(block(latin1("\u0009\0\0\0")), "9 restarts in a block of 4 bytes");
    assertRefused(block(raw("\0\0\0", 1)), "the first restart is 1, expected 0");
    assertRefused(block(raw("\0\0\0\0\1\0a", 0, 2)), "a restart is not where an entry begins");
    assertRefused(block(raw("\0\0\0", 0, 9)), "a restart is not where an entry begins");
    assertRefused(block(raw("\0\1\0a\1\1\0b", 0, 4)), "the entry at a restart shares 1 bytes");
    assertRefused(block(raw("\0\1\0a\2\1\0b", 0)), "shares 2 bytes with a key of 1");
    assertRefused(block(raw("\0\u0081@\0a", 0)), "a key of 8193 bytes, expected at most 8192");
    assertRefused(block(raw("\0\5\0a", 0)), "expected 5 bytes, found only 1 before byte 4");
    assertRefused(block(raw("\0\1\5a", 0)), "expected 5 bytes, found only 0 before byte 4");
    assertRefused(
        block(raw("\0\0\u00ff\u00ff\u00ff\u00ff\u000f", 0)),
        "expected a length of a value below 2^31, found 4294967295");
  }

  @Test
  void keys() {
    assertRefused(block(raw("\0\1\0b\0\1\0a", 0)), "the key \"a\" does not ascend");
    assertRefused(block(raw("\0\1\0b\0\1\0b", 0)), "the key \"b\" does not ascend");
    byte[] beyond = new RawTable().block("b", 0, entries("", ONE, "c", ONE)).finish();
    assertRefused(beyond, "the block at byte 0 has keys beyond what the index says");
    byte[] twice =
        new RawTable().block("b", 0, entries("", ONE)).block("c", 0, entries("b", ONE)).finish();
    assertRefused(twice, "the key \"b\" does not ascend");
  }

  @Test
  void compressedBlocks() {
    String value = "long value ".repeat(20);
    byte[] content = entries("", latin1("x"), "key", latin1(value));
    assertThat(read(new RawTable().block("z", 1, snappy(content)).finish()))
        .containsExactly("=x", "key=" + value);
    byte[] broken = new RawTable().block("z", 1, snappy(raw("\0\1\0a\2\1\0b", 0))).finish();
    assertRefused(broken, "compressed block at byte 0: byte 7: shares 2 bytes");
  }

  private static String decompress(String in) {
    byte[] bytes = latin1(in);
    Cursor cursor = new Cursor(new BufferBytes(ByteBuffer.wrap(bytes)), "x", 0, bytes.length);
    return new String(Snappy.decompress(cursor, 200), StandardCharsets.ISO_8859_1);
  }

  @Test
  void snappyElements() {
    // A literal, a copy of 4 to 11 bytes, a copy that repeats itself, two longer kinds of copies.
    assertThat(decompress("\7\u0008abc\1\3")).isEqualTo("abcabca");
    assertThat(decompress("\6\4xy\1\2")).isEqualTo("xyxyxy");
    assertThat(decompress("\6\0x\u0012\1\0")).isEqualTo("xxxxxx");
    assertThat(decompress("\5\4xy\u000b\2\0\0\0")).isEqualTo("xyxyx");
    String text = "t".repeat(99);
    assertThat(decompress("c\u00f0b" + text)).isEqualTo(text);
  }

  @Test
  void brokenSnappy() {
    assertBroken("\u00ff\1", "a compressed block of 255 bytes, expected at most 200");
    assertBroken("d\0", "1 bytes cannot hold a compressed block of 100");
    assertBroken("\5\0a", "decompressed to 1 bytes, expected 5");
    assertBroken("\1\4ab", "decompresses to more than the expected 1 bytes");
    assertBroken("\u0009\0a\1\2", "a copy from 2 bytes back, after 1 bytes");
    assertBroken("\u0009\0a\1\0", "a copy from 0 bytes back, after 1 bytes");
    assertBroken("\5\u0010a", "expected 5 bytes, found only 1");
    assertBroken("\5\u00fc\u00ff\u00ff\u00ff\u00ff", "decompresses to more than the expected 5");
  }

  private static void assertBroken(String in, String message) {
    assertThatThrownBy(() -> decompress(in))
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith("x: byte ")
        .hasMessageContaining(message);
  }
}
