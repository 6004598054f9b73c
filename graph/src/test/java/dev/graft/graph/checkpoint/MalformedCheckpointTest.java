package dev.graft.graph.checkpoint;

import static dev.graft.graph.checkpoint.RawTable.latin1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with messages in tables that are right. */
class MalformedCheckpointTest {
  private static final byte[] FLOATS = shape(2);

  @TempDir Path folder;
  private int files;

  private static ProtoBytes message() {
    return new ProtoBytes();
  }

  private static byte[] shape(long... dims) {
    ProtoBytes shape = message();
    for (long dim : dims) {
      shape.bytes(2, message().integer(1, dim).toByteArray());
    }
    return shape.toByteArray();
  }

  /** A slice: start and length by turns, both 0 for all of a dimension. */
  private static byte[] slice(long... extents) {
    ProtoBytes slice = message();
    for (int i = 0; i < extents.length; i += 2) {
      slice.bytes(1, message().integer(1, extents[i]).integer(2, extents[i + 1]).toByteArray());
    }
    return slice.toByteArray();
  }

  private static String key(String name, Shape shape, byte[] slice) {
    Bytes bytes = new BufferBytes(ByteBuffer.wrap(slice));
    return TensorSlice.read(new Cursor(bytes, "slice", 0, slice.length), shape).key(name);
  }

  private static ProtoBytes header() {
    return message().integer(1, 1).bytes(3, message().integer(1, 1).toByteArray());
  }

  private static ProtoBytes entry(int type, byte[] shape, long offset, long size) {
    return message().integer(1, type).bytes(2, shape).integer(4, offset).integer(5, size);
  }

  /** A V2 checkpoint of these entries, with 64 bytes of data, from 1 to 64. */
  private Path bundle(Object... keysAndValues) {
    Path prefix = folder.resolve("b" + files++);
    byte[] data = new byte[64];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i + 1);
    }
    try {
      Files.write(Path.of(prefix + ".data-00000-of-00001"), data);
      Files.write(Path.of(prefix + ".index"), RawTable.table(keysAndValues));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return prefix;
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> new CheckpointFormat().open(path).close())
        .isInstanceOf(MalformedWeightsException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message);
  }

  private void assertEntryRefused(String name, ProtoBytes entry, String message) {
    assertRefused(bundle("", header(), name, entry), message);
  }

  @Test
  void headers() {
    assertRefused(bundle("a", header()), "expected the first entry to be a checkpoint's header");
    assertRefused(bundle("", header().integer(2, 1)), "the checkpoint is big-endian");
    assertRefused(bundle("", message()), "0 data shards, expected 1 to 10000");
    assertRefused(bundle("", message().integer(1, -1)), "-1 data shards");
    assertRefused(bundle("", message().integer(1, 1L << 32)), "4294967296 data shards");
    ProtoBytes newer = message().integer(1, 1).bytes(3, message().integer(2, 2).toByteArray());
    assertRefused(bundle("", newer), "needs a reader of version 2, known is version 1");
    assertRefused(
        bundle("", message().integer(1, 2)), ".data-00000-of-00002, one of 2, is not there");
    assertRefused(
        bundle("", header().integer(1, 1)), "the checkpoint's header: field 1 is there twice");
    assertRefused(bundle("", message().bytes(1, FLOATS)), "expected field 1 to have the type 0");
    assertRefused(bundle("", latin1("\3\0")), "expected a field's number, found 0");
    assertRefused(bundle("", latin1("#\0")), "field 4 has the type 3");
    assertRefused(bundle("", latin1("\10\u00ff")), "truncated: expected a byte more");
    String endless = "\10" + "\u00ff".repeat(11);
    assertRefused(bundle("", latin1(endless)), "expected a number of at most 64 bits");
  }

  @Test
  void entries() {
    assertEntryRefused("a", entry(0, FLOATS, 0, 8), "no element type has the code 0");
    assertEntryRefused("a", entry(101, FLOATS, 0, 8), "no element type has the code 101");
    assertEntryRefused("a", entry(1, FLOATS, 0, 9), "\"a\": 9 bytes for float [2]");
    assertEntryRefused("a", entry(1, FLOATS, 0, 4), "\"a\": 4 bytes for float [2]");
    assertEntryRefused("a", entry(11, FLOATS, 0, 4), "\"a\": 4 bytes for qint8 [2]");
    String beyond = "on go beyond b";
    assertEntryRefused("a", entry(1, FLOATS, 60, 8), "\"a\": its 8 bytes from byte 60 " + beyond);
    assertEntryRefused("a", entry(1, FLOATS, -4, 8), "\"a\": its 8 bytes from byte -4 " + beyond);
    assertEntryRefused("a", entry(1, FLOATS, Long.MAX_VALUE, 8), beyond);
    assertEntryRefused("a", entry(1, FLOATS, 8, -8), "\"a\": its -8 bytes from byte 8 " + beyond);
    assertEntryRefused("a", entry(1, shape(-1), 0, 8), "a dimension of -1");
    assertEntryRefused(
        "a",
        entry(1, shape(65536, 65536, 65536, 65536), 0, 0),
        "the dimensions [65536, 65536, 65536, 65536] have a product beyond 2^63");
    assertEntryRefused("a", entry(1, shape(1L << 62, 4, 0), 0, 0), "a product beyond 2^63");
    assertEntryRefused("a", entry(1, shape(new long[255]), 0, 0), "more than 254 dimensions");
    byte[] unknown = message().integer(3, 1).toByteArray();
    assertEntryRefused("a", entry(1, unknown, 0, 0), "a shape of unknown rank");
    assertEntryRefused("a", entry(1, FLOATS, 0, 8).integer(3, 1), "is in shard 1, expected 0 to 0");
    assertEntryRefused("a", entry(1, FLOATS, 0, 8).integer(3, -1), "is in shard -1");
    assertEntryRefused("\u00ff", entry(1, FLOATS, 0, 8), "is not UTF-8");
    assertEntryRefused("a\0", entry(1, FLOATS, 0, 8), "a name of 2 bytes");
    byte[] named = message().integer(1, 2).bytes(2, latin1("\u00ff")).toByteArray();
    assertEntryRefused(
        "a", entry(1, message().bytes(2, named).toByteArray(), 0, 8), "is not UTF-8");
    assertRefused(
        bundle("", header(), "a", entry(1, FLOATS, 0, 8), "b", entry(1, FLOATS, 4, 8)),
        "entry \"b\" overlaps entry \"a\" at byte 4 of b");
  }

  @Test
  void typesThatAreNoArrays() {
    Path prefix =
        bundle(
            "",
            header(),
            "labels",
            entry(7, FLOATS, 0, 7),
            "q",
            entry(13, FLOATS, 8, 8),
            "v",
            entry(21, shape(), 16, 20));
    // The first byte is 1, the second 2: the lengths of the strings, which would take 3 bytes.
    assertRefused(prefix, "entry \"labels\": strings of 3 bytes, found 1");
    Path good =
        bundle(
            "",
            header(),
            "labels",
            entry(7, FLOATS, 0, 9),
            "q",
            entry(13, FLOATS, 9, 8),
            "v",
            entry(21, shape(), 17, 20));
    try (WeightStore store = WeightStore.open(good)) {
      assertThat(store.names()).isEmpty();
      assertThat(store.others())
          .containsExactly(
              new OtherEntry("labels", "string [2]", "[\"\\u0007\", \"\\u0008\\u0009\"]"),
              new OtherEntry("q", "qint32 [2]", ""),
              new OtherEntry("v", "variant", ""));
    }
    assertEntryRefused("s", entry(7, shape(99), 0, 64), "\"s\": 99 strings in 64 bytes");
    assertEntryRefused("s", entry(7, shape(1), 40, 2), "a string of 41 bytes goes beyond its end");
    assertEntryRefused("s", entry(7, shape(1), 0, 3), "expected 4 bytes, found only 2");
  }

  @Test
  void slices() {
    Shape shape = Shape.of(4, 2);
    byte[] upper = slice(0, 1, 0, 2);
    byte[] lower = slice(1, 3, 0, 2);
    ProtoBytes upperEntry = entry(1, shape(1, 2), 0, 8);
    ProtoBytes lowerEntry = entry(1, shape(3, 2), 8, 24);
    String upperKey = key("w", shape, upper);
    String lowerKey = key("w", shape, lower);
    byte[] whole = shape(4, 2);
    ProtoBytes good = entry(1, whole, 0, 0).bytes(7, lower).bytes(7, upper);
    Path prefix = bundle("", header(), "w", good, upperKey, upperEntry, lowerKey, lowerEntry);
    try (WeightStore store = WeightStore.open(prefix)) {
      assertThat(CheckpointFormatTest.bytes(store, "w")).startsWith(1, 2, 3).hasSize(32);
    }
    String noEntry = "\"w\": its slice 1,3:0,2 has no entry that fits it";
    assertRefused(bundle("", header(), "w", good, upperKey, upperEntry), noEntry);
    ProtoBytes ints = entry(3, shape(3, 2), 8, 24);
    assertRefused(bundle("", header(), "w", good, upperKey, upperEntry, lowerKey, ints), noEntry);
    ProtoBytes small = entry(1, shape(2, 2), 8, 16);
    assertRefused(bundle("", header(), "w", good, upperKey, upperEntry, lowerKey, small), noEntry);
    ProtoBytes part = entry(1, whole, 0, 0).bytes(7, upper);
    assertRefused(
        bundle("", header(), "w", part, upperKey, upperEntry),
        "\"w\": its slices end at 1 of dimension 0 of [4, 2]");
    assertRefused(
        bundle("", header(), "w", part, upperKey, upperEntry, lowerKey, lowerEntry),
        "2 entries of slices, but variables have 1");
    ProtoBytes twice = entry(1, whole, 0, 0).bytes(7, upper).bytes(7, upper);
    assertRefused(
        bundle("", header(), "w", twice, upperKey, upperEntry), "\"w\" has a slice twice");
    byte[] corner = slice(0, 1, 0, 1);
    ProtoBytes corners = entry(1, whole, 0, 0).bytes(7, upper).bytes(7, corner);
    assertRefused(
        bundle(
            "",
            header(),
            "w",
            corners,
            upperKey,
            upperEntry,
            key("w", shape, corner),
            entry(1, shape(1, 1), 8, 4)),
        "its slices divide the dimensions 0 and 1; variables that are divided along one");
    byte[] middle = slice(2, 1, 0, 2);
    ProtoBytes gap = entry(1, whole, 0, 0).bytes(7, upper).bytes(7, middle);
    assertRefused(
        bundle(
            "",
            header(),
            "w",
            gap,
            upperKey,
            upperEntry,
            key("w", shape, middle),
            entry(1, shape(1, 2), 8, 8)),
        "\"w\": a slice of dimension 0 begins at 2, expected at 1");
    for (byte[] bad : new byte[][] {slice(2, 3, 0, 2), slice(-1, 1, 0, 2), slice(0, -2, 0, 2)}) {
      assertEntryRefused("w", entry(1, whole, 0, 0).bytes(7, bad), "of a dimension of 4");
    }
    assertEntryRefused(
        "w", entry(1, whole, 0, 0).bytes(7, slice(0, 1)), "a slice of 1 dimensions of a tensor");
    assertEntryRefused(
        "w", entry(1, whole, 0, 0).bytes(7, slice(0, 1, 0, 1, 0, 1)), "a slice of more dimensions");
    ProtoBytes many = entry(1, whole, 0, 0);
    for (int i = 0; i < 513; i++) {
      many.bytes(7, upper);
    }
    assertEntryRefused("w", many, "has more than 512 slices");
  }

  private static byte[] all() {
    return message().bytes(1, new byte[0]).toByteArray();
  }

  private static ProtoBytes variable(String name, int type, byte[] shape, byte[]... slices) {
    ProtoBytes variable = message().bytes(1, latin1(name)).bytes(2, shape).integer(3, type);
    for (byte[] slice : slices) {
      variable.bytes(4, slice);
    }
    return variable;
  }

  private static ProtoBytes meta(ProtoBytes... variables) {
    ProtoBytes meta = message();
    for (ProtoBytes variable : variables) {
      meta.bytes(1, variable.toByteArray());
    }
    return message().bytes(1, meta.toByteArray());
  }

  private static ProtoBytes data(String name, ProtoBytes tensor) {
    ProtoBytes slice = message().bytes(1, latin1(name)).bytes(3, tensor.toByteArray());
    return message().bytes(2, slice.toByteArray());
  }

  private Path table(Object... keysAndValues) {
    try {
      return Files.write(folder.resolve("t" + files++), RawTable.table(keysAndValues));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final String A = key("a", Shape.of(2), all());

  private void assertDataRefused(int type, ProtoBytes data, String message) {
    assertRefused(table("", meta(variable("a", type, FLOATS, all())), A, data), message);
  }

  @Test
  void tablesOfContents() {
    ProtoBytes good = data("a", message().bytes(5, new byte[8]));
    ProtoBytes a = variable("a", 1, FLOATS, all());
    try (WeightStore store = WeightStore.open(table("", meta(a), A, good))) {
      assertThat(store.get("a").dtype()).isEqualTo(DType.FLOAT32);
    }
    assertRefused(table("x", meta()), "is a LevelDB table, but not a TensorFlow checkpoint");
    assertRefused(table("", data("a", message())), "to be a checkpoint's table of contents");
    assertRefused(table("", meta(a)), "variable \"a\": its slice \"-\" has no entry of its own");
    assertRefused(table("", meta(), A, good), "1 entries that the table of contents does not have");
    assertRefused(table("", meta(variable("", 1, FLOATS, all()))), "a name of 0 bytes");
    assertRefused(table("", meta(variable("a", 1, FLOATS))), "a variable without data");
    assertRefused(table("", meta(variable("a", 99, FLOATS, all()))), "type has the code 99");
    assertRefused(
        table("", meta(a, variable("a", 2, FLOATS, all())), A, good),
        "variable \"a\" is there twice, with different types or shapes");
    assertRefused(table("", meta(a, a), A, good), "\"a\": its slice \"-\" has no entry");
    byte[] newer = message().bytes(2, message().integer(2, 2).toByteArray()).toByteArray();
    assertRefused(table("", message().bytes(1, newer)), "needs a reader of version 2");
  }

  @Test
  void elements() {
    assertDataRefused(1, message().bytes(1, FLOATS), "variable \"a\": its entry has no data");
    assertDataRefused(1, data("b", message()), "variable \"a\": its entry has another name");
    assertDataRefused(
        1,
        message().bytes(2, message().bytes(1, latin1("a")).toByteArray()),
        "variable \"a\": its entry has no elements");
    assertDataRefused(
        1, data("a", message()), "variable \"a\": 0 bytes of elements do not fit float32 [2]");
    assertDataRefused(
        1, data("a", message().bytes(5, new byte[12])), "12 bytes of elements do not fit");
    assertDataRefused(
        3, data("a", message().bytes(7, new byte[1])), "1 bytes of elements do not fit int32 [2]");
    assertDataRefused(
        3, data("a", message().bytes(7, new byte[31])), "31 bytes of elements do not fit int32");
    assertDataRefused(
        1, data("a", message().bits32(5, 7)), "expected field 5 to have the type 2, found 5");
    assertDataRefused(24, data("a", message()), "a V1 checkpoint has no float8_e5m2");
    assertDataRefused(
        7, data("a", message().bytes(8, latin1("x"))), "\"a\": 1 strings, expected 2");
  }

  @Test
  void elementsThatAreDecoded() {
    assertBroken(6, "\u0080\1\1", "expected a value of int8, found 128");
    assertBroken(4, "\u0080\2\1", "expected a value of uint8, found 256");
    assertBroken(5, "\u0080\u0080\2\1", "expected a value of int16, found 32768");
    assertBroken(3, "\u0080\u0080\u0080\u0080\10\1", "expected a value of int32, found 2147483648");
    assertBroken(17, "\u0080\u0080\4\1", "expected a value of uint16, found 65536");
    assertBroken(3, "\1\1\1", "decodes to more than the expected 8 bytes");
    assertBroken(3, "\u0080\1", "decodes to 4 bytes, expected 8");
    assertBroken(3, "\1\u0080", "truncated: expected a byte more");
  }

  private void assertBroken(int type, String varints, String message) {
    ProtoBytes data = data("a", message().bytes(7, latin1(varints)));
    Path path = table("", meta(variable("a", type, FLOATS, all())), A, data);
    try (WeightStore store = WeightStore.open(path)) {
      assertThatThrownBy(() -> CheckpointFormatTest.bytes(store, "a"))
          .isInstanceOf(MalformedWeightsException.class)
          .hasMessageStartingWith(path.toString())
          .hasMessageContaining(message);
    }
  }
}
