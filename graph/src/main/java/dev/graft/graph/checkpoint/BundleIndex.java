package dev.graft.graph.checkpoint;

import dev.graft.weights.Shape;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The index of a V2 checkpoint: how many data shards there are, and where in them each tensor lies.
 */
final class BundleIndex {
  /** The most files that a checkpoint is spread over. */
  static final int MAX_SHARDS = 10_000;

  private static final int NUM_SHARDS_TAG = 8;

  /**
   * A tensor, or a slice of a partitioned variable.
   *
   * @param label its name, for messages
   * @param shard which data shard, from {@code offset}, with {@code size} bytes; without meaning
   *     where there are slices
   * @param slices of a partitioned variable, which have entries of their own; else none
   * @param place of the entry in the index
   */
  record Tensor(
      String label,
      ElementType type,
      Shape shape,
      int shard,
      long offset,
      long size,
      List<TensorSlice> slices,
      Cursor place) {
    boolean isPartitioned() {
      return !slices.isEmpty();
    }
  }

  private final MappedFile file;
  private final Map<String, Tensor> variables = new LinkedHashMap<>();
  private final Map<String, Tensor> slices = new LinkedHashMap<>();
  private int shards;

  private BundleIndex(MappedFile file) {
    this.file = file;
  }

  /** Reads and checks the whole index. */
  static BundleIndex read(MappedFile file) {
    BundleIndex index = new BundleIndex(file);
    List<Table.Entry> entries = Table.read(file);
    index.readHeader(entries);
    for (Table.Entry entry : entries.subList(1, entries.size())) {
      index.readEntry(entry);
    }
    index.checkSlices();
    return index;
  }

  /**
   * Whether a table is the index of a V2 checkpoint. Its first entry begins with a number; that of
   * a V1 checkpoint begins with a message.
   */
  static boolean isIndex(List<Table.Entry> entries) {
    if (entries.isEmpty() || !entries.get(0).key().isEmpty()) {
      return false;
    }
    Cursor value = entries.get(0).value();
    return !value.atEnd() && value.u8() == NUM_SHARDS_TAG;
  }

  /** How many data shards. */
  int shards() {
    return shards;
  }

  /** All variables by name, in the order of the file. */
  Map<String, Tensor> variables() {
    return variables;
  }

  /** A slice of a partitioned variable. */
  Tensor slice(String name, TensorSlice slice) {
    return slices.get(slice.key(name));
  }

  /** Everything that has bytes in a shard. */
  List<Tensor> stored() {
    List<Tensor> stored = new ArrayList<>(slices.values());
    variables.values().stream().filter(tensor -> !tensor.isPartitioned()).forEach(stored::add);
    return stored;
  }

  private void readHeader(List<Table.Entry> entries) {
    if (entries.isEmpty() || !entries.get(0).key().isEmpty()) {
      throw new Cursor(file, file.source(), 0, file.length())
          .error("expected the first entry to be a checkpoint's header, with an empty key");
    }
    Cursor in = entries.get(0).value();
    long count = 0;
    Proto proto = new Proto(in, "the checkpoint's header");
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> count = proto.integer();
        case 2 -> {
          if (proto.integer() != 0) {
            throw in.error("the checkpoint is big-endian, which is not read");
          }
        }
        case 3 -> TensorMeta.requireVersion(proto.single());
        default -> proto.skip();
      }
    }
    if (count < 1 || count > MAX_SHARDS) {
      throw in.error(count + " data shards, expected 1 to " + MAX_SHARDS);
    }
    shards = (int) count;
  }

  private void readEntry(Table.Entry entry) {
    Cursor place = entry.value();
    boolean isSlice = entry.key().charAt(0) == 0;
    String name =
        isSlice
            ? entry.key()
            : TensorMeta.name(entry.key().getBytes(StandardCharsets.ISO_8859_1), place);
    Tensor tensor = tensor(entry.value(), "entry " + Printable.of(name), place);
    (isSlice ? slices : variables).put(name, tensor);
  }

  private Tensor tensor(Cursor in, String label, Cursor place) {
    long type = 0;
    Shape shape = Shape.of();
    long shard = 0;
    long offset = 0;
    long size = 0;
    List<Cursor> slices = new ArrayList<>();
    Proto proto = new Proto(in, label);
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> type = proto.integer();
        case 2 -> shape = TensorMeta.shape(proto.single());
        case 3 -> shard = proto.integer();
        case 4 -> offset = proto.integer();
        case 5 -> size = proto.integer();
        case 6 -> proto.bits32();
        case 7 -> slices.add(proto.repeated());
        default -> proto.skip();
      }
      if (slices.size() > PartitionedArray.MAX_SLICES) {
        throw in.error(label + " has more than " + PartitionedArray.MAX_SLICES + " slices");
      }
    }
    if (slices.isEmpty() && (shard < 0 || shard >= shards)) {
      throw in.error(label + " is in shard " + shard + ", expected 0 to " + (shards - 1));
    }
    Shape full = shape;
    return new Tensor(
        label,
        TensorMeta.type(type, in),
        shape,
        (int) shard,
        offset,
        size,
        slices.stream().map(slice -> TensorSlice.read(slice, full)).toList(),
        place);
  }

  /** Each slice has an entry of its own, and each such entry is a slice of one variable. */
  private void checkSlices() {
    int used = 0;
    for (Map.Entry<String, Tensor> variable : variables.entrySet()) {
      Tensor whole = variable.getValue();
      for (TensorSlice slice : whole.slices()) {
        Tensor part = slice(variable.getKey(), slice);
        if (part == null
            || part.isPartitioned()
            || part.type() != whole.type()
            || !part.shape().equals(slice.shapeIn(whole.shape()))) {
          throw whole
              .place()
              .error(whole.label() + ": its slice " + slice + " has no entry that fits it");
        }
      }
      if (whole.slices().stream().distinct().count() != whole.slices().size()) {
        throw whole.place().error(whole.label() + " has a slice twice");
      }
      used += whole.slices().size();
    }
    if (used != slices.size()) {
      throw new Cursor(file, file.source(), 0, file.length())
          .error(slices.size() + " entries of slices, but variables have " + used);
    }
  }
}
