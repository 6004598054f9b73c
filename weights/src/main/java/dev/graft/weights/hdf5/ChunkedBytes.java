package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.LazyBytes;
import java.nio.ByteBuffer;

/** A dataset's elements, put together from its chunks on the first use, one chunk at a time. */
final class ChunkedBytes extends LazyBytes {
  private final Metadata metadata;
  private final ChunkedDataset dataset;
  private final long[] dims;
  private final int elementSize;

  /** The elements of a dataset that has been checked. */
  ChunkedBytes(Metadata metadata, ChunkedDataset dataset) {
    super(metadata.file(), dataset.shape().elementCount() * dataset.elementSize());
    this.metadata = metadata;
    this.dataset = dataset;
    this.dims = dataset.shape().dims();
    this.elementSize = dataset.elementSize();
  }

  @Override
  protected Bytes decode() {
    String source = metadata.where() + "its chunks";
    Spill spill = Spill.of(length(), dataset.fill(), source);
    // An index is never larger than its file.
    Metadata fresh = metadata.withLimit(metadata.file().length() + Limits.METADATA_BYTES);
    dataset.chunks(fresh, chunk -> place(chunk, fresh, spill));
    return spill.bytes();
  }

  private void place(Chunk chunk, Metadata from, Spill spill) {
    long[] shape = dataset.chunk();
    for (int axis = 0; axis < dims.length; axis++) {
      long start = chunk.start(axis);
      if (start < 0 || start >= dims[axis] || start % shape[axis] != 0) {
        throw new MalformedWeightsException(
            from.where() + "a chunk at index " + start + " of a dimension of " + dims[axis]);
      }
    }
    int size = dataset.chunkBytes();
    String what = from.where() + "chunk at byte " + from.position(chunk.address());
    if (chunk.storedSize() > size + size / 8 + 1024) {
      throw new MalformedWeightsException(
          what + ": has " + chunk.storedSize() + " bytes for " + size + " decoded ones");
    }
    from.require(chunk.address(), chunk.storedSize(), "chunk");
    ByteBuffer stored = ByteBuffer.allocate((int) chunk.storedSize());
    from.file().read(from.position(chunk.address()), stored);
    byte[] bytes =
        dataset.filters().decode(stored.array(), chunk.filterMask(), size, elementSize, what);
    scatter(bytes, chunk, shape, spill);
  }

  /** Copies a chunk row by row, without what lies beyond the dataset's border. */
  private void scatter(byte[] bytes, Chunk chunk, long[] shape, Spill spill) {
    int last = dims.length - 1;
    int row = (int) Math.min(shape[last], dims[last] - chunk.start(last)) * elementSize;
    long[] index = new long[dims.length];
    int axis = last;
    while (axis >= 0) {
      long to = 0;
      long from = 0;
      for (int i = 0; i <= last; i++) {
        to = to * dims[i] + chunk.start(i) + index[i];
        from = from * shape[i] + index[i];
      }
      spill.put(to * elementSize, bytes, (int) from * elementSize, row);
      for (axis = last - 1; axis >= 0; axis--) {
        index[axis]++;
        if (index[axis] < Math.min(shape[axis], dims[axis] - chunk.start(axis))) {
          break;
        }
        index[axis] = 0;
      }
    }
  }
}
