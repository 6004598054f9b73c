package dev.graft.graph.checkpoint;

import dev.graft.weights.io.MappedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Breaks a table in seeded ways: its bytes, or its entries within a table that is right. */
final class Mutator {
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    7,
    10,
    20,
    0x7f,
    0x80,
    0xff,
    1 << 16,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    1L << 40,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
  };

  private final byte[] original;
  private final Map<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  /** Start and end of the blocks, without trailers. */
  private final List<int[]> blocks = new ArrayList<>();

  Mutator(Path table) throws IOException {
    original = Files.readAllBytes(table);
    try (MappedFile file = MappedFile.open(table)) {
      for (Table.Entry entry : Table.read(file)) {
        byte[] value = new byte[(int) (entry.end() - entry.start())];
        file.read(entry.start(), ByteBuffer.wrap(value));
        entries.put(entry.key().getBytes(StandardCharsets.ISO_8859_1), value);
      }
    }
    findBlocks();
  }

  /** The blocks follow each other without gaps, so each checksum that fits ends one. */
  private void findBlocks() {
    int start = 0;
    for (int end = 0; end + 5 <= original.length - 48; end++) {
      if (original[end] == 0 && checksum(original, start, end) == stored(original, end)) {
        blocks.add(new int[] {start, end});
        start = end + 5;
      }
    }
  }

  /** Writes a broken table; the same for the same seed. */
  void write(Path table, long seed) throws IOException {
    Random random = new Random(seed);
    Files.deleteIfExists(table);
    switch (random.nextInt(4)) {
      case 0 -> Files.write(table, broken(original, random));
      case 1, 2 -> Files.write(table, brokenEntries(random));
      default -> Files.write(table, brokenBlocks(random));
    }
  }

  /** Bytes broken within blocks, whose checksums are right again. */
  private byte[] brokenBlocks(Random random) {
    byte[] bytes = original.clone();
    int[] block = blocks.get(random.nextInt(blocks.size()));
    int length = block[1] - block[0];
    if (random.nextInt(10) == 0) {
      bytes[block[1]] = (byte) random.nextInt(3);
    }
    if (random.nextInt(3) == 0) {
      byte[] spliced = broken(Arrays.copyOfRange(bytes, block[0], block[1]), random);
      System.arraycopy(spliced, 0, bytes, block[0], Math.min(length, spliced.length));
    } else {
      for (int i = random.nextInt(3); i >= 0; i--) {
        bytes[block[0] + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(block[1] + 1, checksum(bytes, block[0], block[1]));
    return bytes;
  }

  /** Entries broken, in a table whose structure is right. */
  private byte[] brokenEntries(Random random) {
    List<byte[]> keys = new ArrayList<>(entries.keySet());
    List<byte[]> values = new ArrayList<>(entries.values());
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(keys.size());
      switch (random.nextInt(8)) {
        case 0 -> keys.set(at, broken(keys.get(at), random));
        case 1 -> values.set(at, values.get(random.nextInt(values.size())));
        case 2 -> {
          keys.add(broken(keys.get(at), random));
          values.add(values.get(at));
        }
        default -> values.set(at, broken(values.get(at), random));
      }
    }
    Map<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < keys.size(); i++) {
      sorted.put(keys.get(i), values.get(i));
    }
    return table(sorted);
  }

  /** A table of these entries. */
  static byte[] table(Map<byte[], byte[]> sorted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TableWriter writer = new TableWriter(out::writeBytes);
    sorted.forEach(writer::add);
    writer.finish();
    return out.toByteArray();
  }

  private static byte[] broken(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(bytes.length);
    int to = at + random.nextInt(Math.min(bytes.length - at, 40) + 1);
    switch (random.nextInt(6)) {
      case 0:
        return Arrays.copyOf(bytes, at);
      case 1:
        return splice(bytes, at, to, new byte[0]);
      case 2:
        int from = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, from + random.nextInt(40));
        return splice(bytes, at, to, Arrays.copyOfRange(bytes, from, end));
      case 3:
        return splice(bytes, at, Math.min(at + 1, bytes.length), extreme(random));
      default:
        byte[] flipped = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
          flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
  }

  private static byte[] extreme(Random random) {
    var out = new ByteArrayOutputStream();
    ProtoBytes.varint(out, EXTREMES[random.nextInt(EXTREMES.length)]);
    return out.toByteArray();
  }

  private static byte[] splice(byte[] bytes, int at, int to, byte[] inserted) {
    ByteBuffer out = ByteBuffer.allocate(bytes.length - (to - at) + inserted.length);
    return out.put(bytes, 0, at).put(inserted).put(bytes, to, bytes.length - to).array();
  }

  private static int checksum(byte[] bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, end + 1 - start);
    return Masked.mask((int) crc.getValue());
  }

  private static int stored(byte[] bytes, int end) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 1);
  }
}
