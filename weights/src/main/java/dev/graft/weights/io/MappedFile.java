package dev.graft.weights.io;

import dev.graft.weights.WeightArray.FileRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A whole file mapped read-only, of any size. Reads after {@link #close} throw; buffers handed out
 * before stay readable, for the garbage collector unmaps the pages, and only when nothing uses
 * them.
 *
 * <p>A buffer holds less than 2 GiB, so that a longer file is mapped in windows that begin every
 * gibibyte and overlap: every run of up to 1 GiB lies whole in one of them. All windows are mapped
 * at the start and the file closed again: no descriptor is held, and a thread's interrupt, which
 * closes channels, breaks nothing.
 */
public final class MappedFile implements Bytes, AutoCloseable {
  private static final long STRIDE = 1L << 30;
  private static final long MAX_WINDOW = Integer.MAX_VALUE;

  private final Path path;
  private final String source;
  private final String name;
  private final long base;
  private final boolean onDisk;
  private final long length;
  private final ByteBuffer[] windows;
  private final AtomicBoolean closed;

  private MappedFile(
      Path path,
      String source,
      String name,
      long base,
      boolean onDisk,
      long length,
      ByteBuffer[] windows,
      AtomicBoolean closed) {
    this.path = path;
    this.source = source;
    this.name = name;
    this.base = base;
    this.onDisk = onDisk;
    this.length = length;
    this.windows = windows;
    this.closed = closed;
  }

  /**
   * Maps a file.
   *
   * @throws UncheckedIOException where it cannot be opened
   */
  public static MappedFile open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long length = channel.size();
      int count = length <= MAX_WINDOW ? 1 : Math.toIntExact((length + STRIDE - 1) / STRIDE);
      ByteBuffer[] windows = new ByteBuffer[count];
      for (int i = 0; i < count; i++) {
        long start = i * STRIDE;
        windows[i] = channel.map(MapMode.READ_ONLY, start, Math.min(MAX_WINDOW, length - start));
      }
      String name = String.valueOf(path.getFileName());
      return new MappedFile(
          path, path.toString(), name, 0, true, length, windows, new AtomicBoolean());
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The exception, with a message for people, for a file that cannot be read. */
  public static UncheckedIOException unreadable(Path path, IOException cause) {
    String reason;
    if (cause instanceof NoSuchFileException) {
      reason = "there is no such file";
    } else if (cause instanceof AccessDeniedException) {
      reason = "no permission to read it";
    } else {
      reason = "cannot be read: " + cause.getMessage();
    }
    return new UncheckedIOException(path + ": " + reason, cause);
  }

  /**
   * A part of this file that is read as if it were a file of its own, such as an entry of an
   * archive. Closing it closes the whole file.
   *
   * @param name the part's own name
   */
  public MappedFile part(long offset, long count, String name) {
    Objects.checkFromIndexSize(offset, count, length);
    String where = source + ": entry " + Printable.of(name);
    return new MappedFile(path, where, name, base + offset, onDisk, count, windows, closed);
  }

  /**
   * Bytes that were decoded from a part of this file, read as if they were a file of their own.
   * They lie in no file that others can open. Closing them closes the whole file.
   *
   * @param bytes kept, not copied, from 0 to its limit; nobody may write to it any more
   * @param name the part's own name
   */
  public MappedFile decoded(ByteBuffer bytes, String name) {
    String where = source + ": entry " + Printable.of(name);
    ByteBuffer[] window = {bytes.asReadOnlyBuffer().slice(0, bytes.limit())};
    return new MappedFile(path, where, name, 0, false, bytes.limit(), window, closed);
  }

  /** The path of the file on the disk, as it was given. */
  public Path path() {
    return path;
  }

  /** What messages call it: the path, followed by the name of a part. */
  public String source() {
    return source;
  }

  /** The file's own name, without its folder; or the name of a part. */
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  /**
   * Fails after {@link #close}.
   *
   * @throws IllegalStateException where the file is closed
   */
  public void ensureOpen() {
    if (closed.get()) {
      throw new IllegalStateException(source + ": the weights are closed");
    }
  }

  /** The byte at an offset. */
  public byte at(long offset) {
    ensureOpen();
    Objects.checkIndex(offset, length);
    int window = window(base + offset);
    return windows[window].get((int) (base + offset - window * STRIDE));
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    ensureOpen();
    Objects.checkFromIndexSize(offset, dst.remaining(), length);
    long from = base + offset;
    while (dst.hasRemaining()) {
      int window = window(from);
      int start = (int) (from - window * STRIDE);
      int count = Math.min(dst.remaining(), windows[window].capacity() - start);
      dst.put(windows[window].duplicate().limit(start + count).position(start));
      from += count;
    }
  }

  @Override
  public Optional<ByteBuffer> slice(long offset, long count) {
    ensureOpen();
    Objects.checkFromIndexSize(offset, count, length);
    int window = window(base + offset);
    long start = base + offset - window * STRIDE;
    if (start + count > windows[window].capacity()) {
      return Optional.empty();
    }
    return Optional.of(
        windows[window].slice((int) start, (int) count).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public Optional<FileRegion> region(long offset, long count) {
    return onDisk ? Optional.of(new FileRegion(path, base + offset, count)) : Optional.empty();
  }

  @Override
  public void close() {
    closed.set(true);
  }

  private int window(long at) {
    return (int) Math.min(at / STRIDE, windows.length - 1);
  }
}
