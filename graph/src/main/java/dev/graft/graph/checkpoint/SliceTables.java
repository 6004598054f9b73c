package dev.graft.graph.checkpoint;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A V1 checkpoint: tables of tensor slices, each with a table of contents as its first entry. The
 * slices of a variable may be spread over several of them.
 */
final class SliceTables {
  private static final int MAX_ALL_SLICES = 1 << 16;

  private record Part(TensorSlice slice, Cursor data, MappedFile file) {}

  private record Tensor(
      String label, ElementType type, Shape shape, List<Part> parts, Cursor place) {}

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private int slices;

  private SliceTables() {}

  /** Puts all tensors of a checkpoint, given by all of its files, into {@code contents}. */
  static void read(List<MappedFile> files, Contents contents) {
    SliceTables tables = new SliceTables();
    files.forEach(tables::readTable);
    tables.tensors.forEach((name, tensor) -> add(name, tensor, contents));
  }

  private void readTable(MappedFile file) {
    List<Table.Entry> entries = Table.read(file);
    if (entries.isEmpty() || !entries.get(0).key().isEmpty()) {
      throw new MalformedWeightsException(
          file.source()
              + ": is a LevelDB table, but not a TensorFlow checkpoint: expected its first key to"
              + " be empty");
    }
    Map<String, Table.Entry> unread = new HashMap<>();
    entries.subList(1, entries.size()).forEach(entry -> unread.put(entry.key(), entry));
    Cursor in = entries.get(0).value();
    boolean found = false;
    Proto proto = new Proto(in, "the table of contents");
    while (proto.next()) {
      if (proto.field() == 1) {
        found = true;
        readMeta(proto.single(), unread, file);
      } else {
        proto.skip();
      }
    }
    if (!found) {
      throw in.error("expected the first entry to be a checkpoint's table of contents");
    }
    if (!unread.isEmpty()) {
      throw in.error(unread.size() + " entries that the table of contents does not have");
    }
  }

  private void readMeta(Cursor in, Map<String, Table.Entry> unread, MappedFile file) {
    Proto proto = new Proto(in, "the table of contents");
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> readTensor(proto.repeated(), unread, file);
        case 2 -> TensorMeta.requireVersion(proto.single());
        default -> proto.skip();
      }
    }
  }

  private void readTensor(Cursor in, Map<String, Table.Entry> unread, MappedFile file) {
    Cursor place = in.here();
    String name = "";
    Shape shape = Shape.of();
    long type = 0;
    List<Cursor> extents = new ArrayList<>();
    Proto proto = new Proto(in, "a variable");
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> {
          Cursor text = proto.single();
          if (text.remaining() > Block.MAX_KEY_BYTES) {
            throw text.error("a name of " + text.remaining() + " bytes");
          }
          name = TensorMeta.name(text.take((int) text.remaining()), in);
        }
        case 2 -> shape = TensorMeta.shape(proto.single());
        case 3 -> type = proto.integer();
        case 4 -> extents.add(proto.repeated());
        default -> proto.skip();
      }
      if (extents.size() > PartitionedArray.MAX_SLICES) {
        throw place.error("a variable of more than " + PartitionedArray.MAX_SLICES + " slices");
      }
    }
    slices += extents.size();
    if (slices > MAX_ALL_SLICES) {
      throw place.error("expected at most " + MAX_ALL_SLICES + " slices in all");
    }
    if (name.isEmpty() || extents.isEmpty()) {
      throw place.error("a variable without " + (name.isEmpty() ? "a name" : "data"));
    }
    String label = "variable " + Printable.of(name);
    Tensor tensor = new Tensor(label, TensorMeta.type(type, in), shape, new ArrayList<>(), place);
    Tensor known = tensors.putIfAbsent(name, tensor);
    if (known != null) {
      if (known.type() != tensor.type() || !known.shape().equals(shape)) {
        throw place.error(label + " is there twice, with different types or shapes");
      }
      tensor = known;
    }
    for (Cursor extent : extents) {
      TensorSlice slice = TensorSlice.read(extent, shape);
      Table.Entry entry = unread.remove(slice.key(name));
      if (entry == null) {
        throw place.error(label + ": its slice \"" + slice + "\" has no entry of its own");
      }
      tensor.parts().add(new Part(slice, data(entry.value(), name, label), file));
    }
    if (tensor.parts().size() > PartitionedArray.MAX_SLICES) {
      throw place.error(label + " has more than " + PartitionedArray.MAX_SLICES + " slices");
    }
  }

  /** The {@code TensorProto} in an entry, a {@code SavedTensorSlices} with a {@code SavedSlice}. */
  private static Cursor data(Cursor in, String name, String label) {
    Cursor data = null;
    Proto proto = new Proto(field(in, 2, label), label);
    while (proto.next()) {
      switch (proto.field()) {
        case 1 -> {
          Cursor text = proto.single();
          if (!Proto.text(text, Block.MAX_KEY_BYTES).equals(name)) {
            throw text.error(label + ": its entry has another name");
          }
        }
        case 3 -> data = proto.single();
        default -> proto.skip();
      }
    }
    if (data == null) {
      throw in.error(label + ": its entry has no elements");
    }
    return data;
  }

  private static Cursor field(Cursor in, int field, String label) {
    Cursor found = null;
    Proto proto = new Proto(in, label);
    while (proto.next()) {
      if (proto.field() == field) {
        found = proto.single();
      } else {
        proto.skip();
      }
    }
    if (found == null) {
      throw in.error(label + ": its entry has no data");
    }
    return found;
  }

  private static void add(String name, Tensor tensor, Contents contents) {
    if (tensor.type().dtype().isEmpty()) {
      contents.other(name, tensor.type(), tensor.shape(), text(tensor));
      return;
    }
    List<PartitionedArray.Part> parts = new ArrayList<>();
    for (Part part : tensor.parts()) {
      parts.add(new PartitionedArray.Part(part.slice(), elements(tensor, part)));
    }
    contents.array(
        name,
        tensor.type(),
        PartitionedArray.join(
            tensor.type().dtype().orElseThrow(),
            tensor.shape(),
            parts,
            tensor.place(),
            tensor.label()));
  }

  private static WeightArray elements(Tensor tensor, Part part) {
    return TensorValues.array(
        part.data().here(),
        tensor.type().dtype().orElseThrow(),
        part.slice().shapeIn(tensor.shape()),
        part.file(),
        tensor.label());
  }

  private static String text(Tensor tensor) {
    if (tensor.type() != ElementType.STRING || tensor.parts().size() > 1) {
      return "";
    }
    return TensorValues.strings(
        tensor.parts().get(0).data().here(), tensor.shape(), tensor.label());
  }
}
