package dev.graft.weights.hdf5;

import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightArray;
import dev.graft.weights.hdf5.Datatype.Kind;
import dev.graft.weights.hdf5.Layout.Chunked;
import dev.graft.weights.hdf5.Layout.Compact;
import dev.graft.weights.hdf5.Layout.Contiguous;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.StoredArray;
import java.util.Collections;
import java.util.List;

/** Makes arrays of datasets of numbers, and entries to look at of those of text. */
final class Datasets {
  private static final String BFLOAT16 = "bfloat16";

  private final Metadata metadata;
  private final GlobalHeap heap;
  private final Extents extents;

  /** What all chunks of the datasets so far decode to. */
  private long decodedBytes;

  Datasets(Metadata metadata, GlobalHeap heap) {
    this.metadata = metadata;
    this.heap = heap;
    this.extents = new Extents(metadata);
  }

  /**
   * What a dataset is: one of the two.
   *
   * @param array of a dataset of numbers; null else
   * @param other of any other; null else
   */
  record Dataset(WeightArray array, OtherEntry other) {}

  /** Checks that the arrays made so far do not overlap. */
  void finish() {
    extents.check();
  }

  /** Reads the description of a dataset. */
  Dataset read(String path, ObjectHeader header, List<Attribute> attributes) {
    if (header.first(ObjectHeader.EXTERNAL_FILES).isPresent()) {
      throw new UnsafeWeightsException(
          metadata.where() + "its elements are in another file, which it wants opened");
    }
    Cursor typeBody = header.need(ObjectHeader.DATATYPE, "datatype", metadata);
    Datatype type = kerasBfloat16(DatatypeReader.read(typeBody), attributes);
    Cursor spaceBody = header.need(ObjectHeader.DATASPACE, "dataspace", metadata);
    Dataspace space = Dataspace.read(spaceBody);
    Layout layout = Layout.read(header.need(ObjectHeader.LAYOUT, "layout", metadata));
    if (space.empty()) {
      return new Dataset(null, new OtherEntry(path, type.label() + ", empty", ""));
    }
    long size = space.byteSize(type.size(), spaceBody);
    if (type.isString()) {
      return new Dataset(null, text(path, type, space, layout));
    }
    if (type.kind() != Kind.NUMBER) {
      throw new MalformedWeightsException(
          metadata.where() + "is of type " + type.label() + ", which is not read");
    }
    Filters filters =
        header.first(ObjectHeader.FILTERS).isEmpty()
            ? Filters.none()
            : Filters.read(header.need(ObjectHeader.FILTERS, "filters", metadata));
    return new Dataset(array(path, type, space, size, layout, header, filters), null);
  }

  /** Keras 3 has bfloat16 as opaque bytes and says in an attribute what they are. */
  private Datatype kerasBfloat16(Datatype type, List<Attribute> attributes) {
    if (type.kind() != Kind.OPAQUE || type.size() != DType.BFLOAT16.byteSize()) {
      return type;
    }
    for (Attribute attribute : attributes) {
      if (attribute.name().equals("dtype")
          && attribute.type().isString()
          && attribute.names(heap).equals(List.of(BFLOAT16))) {
        return type.as(DType.BFLOAT16);
      }
    }
    return type;
  }

  private WeightArray array(
      String path,
      Datatype type,
      Dataspace space,
      long size,
      Layout layout,
      ObjectHeader header,
      Filters filters) {
    Bytes bytes = metadata.file();
    long start = 0;
    if (size == 0) {
      return new StoredArray(bytes, 0, type.dtype(), space.shape(), type.bigEndian(), false);
    }
    if (layout instanceof Compact compact) {
      checkSize(compact.size(), size);
      start = metadata.position(compact.address());
    } else if (layout instanceof Contiguous run && run.address() != Metadata.UNDEFINED) {
      checkSize(run.size(), size);
      metadata.require(run.address(), size, "data");
      extents.add(path, run.address(), size);
      start = metadata.position(run.address());
    } else {
      bytes = decoded(type, space, layout, header, filters);
    }
    return new StoredArray(bytes, start, type.dtype(), space.shape(), type.bigEndian(), false);
  }

  private void checkSize(long found, long expected) {
    if (found != expected) {
      throw new MalformedWeightsException(
          metadata.where() + "has " + found + " bytes, expected " + expected);
    }
  }

  private Bytes decoded(
      Datatype type, Dataspace space, Layout layout, ObjectHeader header, Filters filters) {
    int elementSize = (int) type.size();
    byte[] fill = FillValue.read(header, elementSize);
    // Nothing written yet: as if in chunks, of which none is there.
    Chunked chunked =
        layout instanceof Chunked given
            ? given
            : new Chunked(
                Layout.Index.B_TREE,
                Metadata.UNDEFINED,
                Collections.nCopies(space.shape().rank(), 1L),
                elementSize,
                null);
    ChunkedDataset dataset =
        new ChunkedDataset(metadata, chunked, space, elementSize, filters, fill);
    decodedBytes += Math.min(dataset.paddedBytes(), Long.MAX_VALUE - decodedBytes);
    if (decodedBytes / Limits.EXPANSION > metadata.file().length()) {
      throw new MalformedWeightsException(
          metadata.where()
              + "chunks of "
              + dataset.paddedBytes()
              + " bytes, more than can come out of this file");
    }
    return new ChunkedBytes(metadata.withLimit(0), dataset);
  }

  /** A text is shown where it is alone and lies in one place. */
  private OtherEntry text(String path, Datatype type, Dataspace space, Layout layout) {
    boolean alone = space.shape().rank() == 0;
    String label = type.label() + (alone ? "" : " " + space.shape());
    if (!alone) {
      return new OtherEntry(path, label, "");
    }
    long address =
        layout instanceof Contiguous run
            ? run.address()
            : layout instanceof Compact compact ? compact.address() : Metadata.UNDEFINED;
    if (address == Metadata.UNDEFINED) {
      return new OtherEntry(path, label, "");
    }
    Cursor element = metadata.block(address, Math.min(type.size(), Limits.PATH_BYTES), "text");
    return new OtherEntry(path, label, Texts.shown(element, type, heap));
  }
}
