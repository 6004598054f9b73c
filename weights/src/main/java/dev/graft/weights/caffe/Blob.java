package dev.graft.weights.caffe;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SpilledBytes;
import dev.graft.weights.io.StoredArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An array of a layer: where its values lie.
 *
 * @param runs where the values lie, in order
 */
record Blob(DType dtype, Shape shape, List<Run> runs) {
  private static final int PIECE_BYTES = 1 << 16;

  /**
   * Values at equal distances.
   *
   * @param start where the first value begins
   * @param stride bytes from one value to the next; the value's own size where they are packed
   */
  record Run(long start, long count, int stride) {}

  /** The array; in place where its values are one packed run, else gathered on the first use. */
  WeightArray array(MappedFile file, String source) {
    if (runs.isEmpty()) {
      return new StoredArray(file, 0, dtype, shape, false, false);
    }
    Run first = runs.get(0);
    if (runs.size() == 1 && first.stride() == dtype.byteSize()) {
      return new StoredArray(file, first.start(), dtype, shape, false, false);
    }
    long size = shape.elementCount() * dtype.byteSize();
    Bytes gathered = new SpilledBytes(file, source, size, sink -> gather(file, sink));
    return new StoredArray(gathered, 0, dtype, shape, false, false);
  }

  private void gather(MappedFile file, SpilledBytes.Sink sink) throws IOException {
    for (Run run : runs) {
      gather(run, file, sink);
    }
  }

  private void gather(Run run, MappedFile file, SpilledBytes.Sink sink) throws IOException {
    int width = dtype.byteSize();
    int most = PIECE_BYTES / run.stride();
    for (long done = 0; done < run.count(); done += most) {
      int count = (int) Math.min(most, run.count() - done);
      // The last value has no tag of a next one after it.
      ByteBuffer raw = ByteBuffer.allocate((count - 1) * run.stride() + width);
      file.read(run.start() + done * run.stride(), raw);
      raw.flip();
      ByteBuffer values = ByteBuffer.allocate(count * width);
      for (int i = 0; i < count; i++) {
        values.put(i * width, raw, i * run.stride(), width);
      }
      sink.put(values);
    }
  }
}
