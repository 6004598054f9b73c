package dev.graft.weights.io;

import dev.graft.weights.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads elements in C order that lie at other strides. Rows whose elements are apart are read in
 * tiles of a few columns: where the array is a transposed one, the elements of a column are
 * neighbours, so that each cache line fetched is used up before it is gone. Safe for use by several
 * threads.
 */
final class StridedReader {
  /** Elements of a float32 row that fill a cache line. */
  private static final int TILE_COLUMNS = 16;

  private final Bytes bytes;
  private final long start;
  private final DType dtype;
  private final StridedAxes axes;
  private final boolean bigEndian;
  private final int elementSize;
  private final long columns;
  private final long columnStride;
  private final long rowsTogether;
  private final long rowStride;

  /** The elements of {@code dtype} at {@code axes}, the first at {@code start}. */
  StridedReader(Bytes bytes, long start, DType dtype, StridedAxes axes, boolean bigEndian) {
    this.bytes = bytes;
    this.start = start;
    this.dtype = dtype;
    this.axes = axes;
    this.bigEndian = bigEndian;
    this.elementSize = dtype.byteSize();
    int last = axes.rank() - 1;
    this.columns = axes.dim(last);
    this.columnStride = axes.stride(last) * elementSize;
    this.rowsTogether = last == 0 ? 1 : axes.dim(last - 1);
    this.rowStride = last == 0 ? 0 : axes.stride(last - 1) * elementSize;
  }

  /** Fills {@code dst} with elements from {@code first}, counted in C order, on. */
  void read(long first, ByteBuffer dst) {
    Run run = new Run(dst);
    long left = dst.remaining() / elementSize;
    long row = first / columns;
    long column = first % columns;
    while (left > 0) {
      long at = axes.row(row) * elementSize;
      if (column > 0 || left < columns) {
        int count = (int) Math.min(columns - column, left);
        run.rows(at + column * columnStride, 1, count);
        left -= count;
        column = 0;
        row++;
      } else {
        int rows = (int) Math.min(rowsTogether - row % rowsTogether, left / columns);
        run.rows(at, rows, (int) columns);
        left -= rows * columns;
        row += rows;
      }
    }
  }

  /** One read. */
  private final class Run {
    private final ByteBuffer dst;
    private final ByteBuffer out;

    /** All elements, where one buffer holds them; null where none does. */
    private final ByteBuffer whole;

    Run(ByteBuffer dst) {
      this.dst = dst;
      this.out = dst.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      this.whole = slice(0, axes.extent() * elementSize);
    }

    private ByteBuffer slice(long at, long length) {
      return bytes
          .slice(start + at, length)
          .map(b -> b.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN))
          .orElse(null);
    }

    /** Appends these rows of {@code count} elements each, the first element at {@code at}. */
    void rows(long at, int rows, int count) {
      int to = dst.position();
      if (columnStride == elementSize) {
        for (int row = 0; row < rows; row++) {
          block(at + row * rowStride, to + row * count * elementSize, count);
        }
      } else {
        for (int column = 0; column < count; column += TILE_COLUMNS) {
          int width = Math.min(TILE_COLUMNS, count - column);
          int corner = to + column * elementSize;
          tile(at + column * columnStride, corner, rows, width, count * elementSize);
        }
      }
      dst.position(to + rows * count * elementSize);
    }

    private void block(long at, int to, int count) {
      int length = count * elementSize;
      if (whole != null) {
        Components.copy(whole, (int) at, bigEndian, out, to, length, dtype);
        return;
      }
      bytes.read(start + at, out.limit(to + length).position(to));
      out.clear();
      if (bigEndian) {
        Components.copy(out, to, true, out, to, length, dtype);
      }
    }

    /** Copies a tile to rows that begin every {@code pitch} bytes from {@code to} on. */
    private void tile(long at, int to, int rows, int width, int pitch) {
      long extent = (rows - 1) * rowStride + (width - 1) * columnStride + elementSize;
      ByteBuffer src = whole == null ? slice(at, extent) : whole;
      int from = whole == null ? 0 : (int) at;
      if (src != null) {
        for (int row = 0; row < rows; row++) {
          elements(src, (int) (from + row * rowStride), to + row * pitch, width);
        }
      } else if (width > 1) {
        int half = width / 2;
        tile(at, to, rows, half, pitch);
        tile(at + half * columnStride, to + half * elementSize, rows, width - half, pitch);
      } else if (rows > 1) {
        int half = rows / 2;
        tile(at, to, half, 1, pitch);
        tile(at + half * rowStride, to + half * pitch, rows - half, 1, pitch);
      } else {
        block(at, to, 1);
      }
    }

    private void elements(ByteBuffer src, int from, int to, int count) {
      int size = dtype.componentSize();
      for (int part = 0; part < elementSize; part += size) {
        components(src, from + part, to + part, count, size);
      }
    }

    private void components(ByteBuffer src, int from, int to, int count, int size) {
      int step = (int) columnStride;
      switch (size) {
        case 1 -> {
          for (int i = 0; i < count; i++) {
            out.put(to + i * elementSize, src.get(from + i * step));
          }
        }
        case 2 -> {
          for (int i = 0; i < count; i++) {
            out.putShort(to + i * elementSize, src.getShort(from + i * step));
          }
        }
        case 4 -> {
          for (int i = 0; i < count; i++) {
            out.putInt(to + i * elementSize, src.getInt(from + i * step));
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            out.putLong(to + i * elementSize, src.getLong(from + i * step));
          }
        }
      }
    }
  }
}
