package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.hdf5.Layout.Chunked;
import dev.graft.weights.hdf5.Layout.Index;
import java.util.Arrays;
import java.util.List;

/** A dataset in chunks, its sizes checked. */
final class ChunkedDataset {
  private final Chunked layout;
  private final Dataspace space;
  private final int elementSize;
  private final int chunkBytes;
  private final Filters filters;
  private final byte[] fill;

  /**
   * A dataset.
   *
   * @param space its dimensions, at least one, none of them 0
   * @param elementSize bytes of an element
   * @param fill the element that stands where there is no chunk
   */
  ChunkedDataset(
      Metadata metadata,
      Chunked layout,
      Dataspace space,
      int elementSize,
      Filters filters,
      byte[] fill) {
    int rank = space.shape().rank();
    if (layout.chunk().size() != rank || layout.elementSize() != elementSize) {
      throw new MalformedWeightsException(
          String.format(
              "%sits chunks have %d dimensions and elements of %d bytes, itself %d and %d",
              metadata.where(), layout.chunk().size(), layout.elementSize(), rank, elementSize));
    }
    this.layout = layout;
    this.space = space;
    this.elementSize = elementSize;
    this.chunkBytes = chunkBytes(metadata, layout, elementSize);
    this.filters = filters;
    this.fill = fill.clone();
  }

  private static int chunkBytes(Metadata metadata, Chunked layout, int elementSize) {
    long bytes = elementSize;
    for (long dim : layout.chunk()) {
      // No product of two such factors overflows.
      bytes *= Math.min(dim, Limits.CHUNK_BYTES + 1);
      if (bytes > Limits.CHUNK_BYTES) {
        throw new MalformedWeightsException(
            metadata.where()
                + "its chunks have more than "
                + Limits.CHUNK_BYTES
                + " bytes, which is not read");
      }
    }
    return (int) bytes;
  }

  Shape shape() {
    return space.shape();
  }

  /** Dimensions of a chunk. */
  long[] chunk() {
    return layout.chunk().stream().mapToLong(Long::longValue).toArray();
  }

  int elementSize() {
    return elementSize;
  }

  /** Bytes of a chunk. */
  int chunkBytes() {
    return chunkBytes;
  }

  /** Bytes of all chunks, with what is beyond the dataset's border; at most the greatest long. */
  long paddedBytes() {
    List<Long> dims = Arrays.stream(space.shape().dims()).boxed().toList();
    try {
      return new ChunkGrid(dims, layout.chunk(), chunkBytes).bytes();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  Filters filters() {
    return filters;
  }

  /** The element that stands where there is no chunk. */
  byte[] fill() {
    return fill.clone();
  }

  /** Gives all chunks that are there. */
  void chunks(Metadata metadata, Chunk.Taker taker) {
    if (layout.address() == Metadata.UNDEFINED) {
      return;
    }
    if (layout.index() == Index.B_TREE) {
      ChunkTree.read(metadata, layout.address(), space.shape().rank(), taker);
      return;
    }
    ChunkGrid grid = grid(metadata);
    switch (layout.index()) {
      case SINGLE -> single(metadata, grid, taker);
      case IMPLICIT -> {
        metadata.require(layout.address(), grid.bytes(), "chunks");
        for (long i = 0; i < grid.count(); i++) {
          long address = layout.address() + i * chunkBytes;
          taker.take(new Chunk(grid.start(i), address, chunkBytes, 0));
        }
      }
      default -> ChunkArray.read(metadata, layout.address(), grid, !filters.isEmpty(), taker);
    }
  }

  private void single(Metadata metadata, ChunkGrid grid, Chunk.Taker taker) {
    if (grid.count() != 1) {
      throw new MalformedWeightsException(
          metadata.where() + "has one chunk, expected " + grid.count());
    }
    long stored = layout.single().storedSize();
    int mask = layout.single().filterMask();
    long size = stored == 0 && filters.isEmpty() ? chunkBytes : stored;
    taker.take(new Chunk(grid.start(0), layout.address(), size, mask));
  }

  /** The grid counts over the dimensions that the dataset may grow to. */
  private ChunkGrid grid(Metadata metadata) {
    try {
      return new ChunkGrid(space.max(), layout.chunk(), chunkBytes);
    } catch (ArithmeticException e) {
      throw new MalformedWeightsException(metadata.where() + "may have more chunks than any file");
    }
  }
}
