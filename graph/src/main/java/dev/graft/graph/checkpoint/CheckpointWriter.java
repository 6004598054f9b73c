package dev.graft.graph.checkpoint;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.io.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * Writes TensorFlow V2 checkpoints of one data shard, without TensorFlow: the destination {@code
 * x.ckpt} or {@code x.ckpt.index} gives {@code x.ckpt.index} and {@code
 * x.ckpt.data-00000-of-00001}. Arrays begin at multiples of 64 bytes. They are in the order of
 * their names' bytes, as a checkpoint's index has to be, whatever order the store has.
 *
 * <p>Both files are whole and on the disk before either gets its name, the index last: it is what
 * makes a checkpoint. An index of that name from before is removed first, for it would describe
 * other data.
 */
public final class CheckpointWriter implements ContainerWriter {
  private static final int ALIGNMENT = 64;
  private static final int VERSION = 1;

  @Override
  public String name() {
    return "tensorflow";
  }

  @Override
  public String description() {
    return "TensorFlow V2 checkpoint";
  }

  @Override
  public List<String> extensions() {
    return List.of(".ckpt", CheckpointFiles.INDEX);
  }

  @Override
  public void write(Path destination, WeightStore store, LongConsumer progress) {
    Path prefix = prefix(destination);
    Map<byte[], WeightArray> arrays = sorted(destination, store);
    Path index = CheckpointFiles.index(prefix);
    try (AtomicOutput data = new AtomicOutput(CheckpointFiles.dataShard(prefix, 0, 1), progress);
        AtomicOutput table = new AtomicOutput(index, bytes -> {})) {
      TableWriter writer = new TableWriter(table::write);
      writer.add(new byte[0], header());
      for (Map.Entry<byte[], WeightArray> entry : arrays.entrySet()) {
        data.write(new byte[(int) (-data.position() & (ALIGNMENT - 1))]);
        long offset = data.position();
        CRC32C checksum = new CRC32C();
        data.write(entry.getValue(), checksum);
        int crc = Masked.mask((int) checksum.getValue());
        writer.add(entry.getKey(), entry(entry.getValue(), offset, crc));
      }
      writer.finish();
      data.sync();
      table.sync();
      Files.deleteIfExists(index);
      data.commit();
      table.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(index + ": cannot be replaced: " + e.getMessage(), e);
    }
  }

  private static Path prefix(Path destination) {
    String name = destination.getFileName().toString();
    if (name.toLowerCase(Locale.ROOT).endsWith(CheckpointFiles.INDEX)) {
      name = name.substring(0, name.length() - CheckpointFiles.INDEX.length());
    }
    Path prefix = destination.resolveSibling(name);
    if (name.isEmpty()) {
      throw new WeightsException(destination + ": expected a prefix before .index");
    }
    if (Files.exists(prefix)) {
      throw new WeightsException(
          prefix
              + ": is a file or folder, where a V2 checkpoint has only files whose names begin so;"
              + " choose another name");
    }
    return prefix;
  }

  private static Map<byte[], WeightArray> sorted(Path destination, WeightStore store) {
    if (store.names().size() >= Table.MAX_ENTRIES) {
      throw new WeightsException(
          destination
              + ": "
              + store.names().size()
              + " arrays, a checkpoint has fewer than "
              + Table.MAX_ENTRIES);
    }
    Map<byte[], WeightArray> arrays = new TreeMap<>(Arrays::compareUnsigned);
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      if (ElementType.of(array.dtype()).isEmpty()) {
        throw new WeightsException(
            destination
                + ": TensorFlow has no "
                + array.dtype()
                + ", the dtype of "
                + Printable.of(name));
      }
      arrays.put(key(destination, name), array);
    }
    return arrays;
  }

  private static byte[] key(Path destination, String name) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    // Half a surrogate pair, which has no bytes, does not come back.
    boolean isUnicode = new String(key, StandardCharsets.UTF_8).equals(name);
    if (!isUnicode || key.length == 0 || key.length > Block.MAX_KEY_BYTES || name.indexOf(0) >= 0) {
      throw new WeightsException(
          destination
              + ": a checkpoint cannot hold the name "
              + Printable.of(name)
              + ": expected 1 to "
              + Block.MAX_KEY_BYTES
              + " bytes of Unicode, none of them 0");
    }
    return key;
  }

  private static byte[] header() {
    byte[] version = new ProtoBytes().integer(1, VERSION).toByteArray();
    return new ProtoBytes().integer(1, 1).bytes(3, version).toByteArray();
  }

  private static byte[] entry(WeightArray array, long offset, int crc) {
    return new ProtoBytes()
        .integer(1, ElementType.of(array.dtype()).orElseThrow().code())
        .bytes(2, shape(array.shape()))
        .integer(4, offset)
        .integer(5, array.byteSize())
        .bits32(6, crc)
        .toByteArray();
  }

  private static byte[] shape(Shape shape) {
    ProtoBytes dims = new ProtoBytes();
    for (long dim : shape.dims()) {
      dims.bytes(2, new ProtoBytes().integer(1, dim).toByteArray());
    }
    return dims.toByteArray();
  }
}
