package dev.graft.weights.io;

import dev.graft.weights.WeightArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.zip.Checksum;

/**
 * A file that is written under a temporary name beside its destination and renamed by {@link
 * #commit}: a reader, or a killed process, sees the old file or the whole new one. Closing it
 * without a commit removes the temporary file. For one thread.
 */
public final class AtomicOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path destination;
  private final Path temporary;
  private final FileChannel channel;
  private final LongConsumer progress;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final OutputPieces pieces = new OutputPieces();
  private long flushed;
  private long arrayBytes;
  private boolean committed;

  /**
   * Opens the temporary file.
   *
   * @param progress told, after each piece, how many bytes of arrays have been written so far
   * @throws UncheckedIOException where the folder cannot be written to
   */
  public AtomicOutput(Path destination, LongConsumer progress) {
    this.destination = destination;
    this.progress = progress;
    String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
    this.temporary =
        destination.resolveSibling("." + destination.getFileName() + "." + suffix + ".tmp");
    TemporaryPaths.add(temporary);
    try {
      this.channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      TemporaryPaths.done(temporary);
      throw failure(e);
    }
  }

  /** The offset of the next byte. */
  public long position() {
    return flushed + buffer.position();
  }

  /** Appends bytes. */
  public void write(byte[] bytes) {
    write(ByteBuffer.wrap(bytes));
  }

  /** Appends what remains in a buffer. */
  public void write(ByteBuffer bytes) {
    if (bytes.remaining() > buffer.remaining()) {
      flush();
    }
    if (bytes.remaining() > buffer.capacity()) {
      writeThrough(bytes);
    } else {
      buffer.put(bytes);
    }
  }

  /** Appends an array's elements, in C order and little-endian. */
  public void write(WeightArray array) {
    write(array, null);
  }

  /** Appends an array's elements, in C order and little-endian, and adds them to the checksum. */
  public void write(WeightArray array, Checksum checksum) {
    flush();
    try {
      pieces.forEach(
          array,
          piece -> {
            if (checksum != null) {
              checksum.update(piece.duplicate());
            }
            int count = piece.remaining();
            writeThrough(piece);
            arrayBytes += count;
            progress.accept(arrayBytes);
          });
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Replaces bytes that have been written before. */
  public void writeAt(long position, ByteBuffer bytes) {
    flush();
    try {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Brings everything to the disk, so that {@link #commit} has little left to do or to fail at: for
   * containers of several files.
   */
  public void sync() {
    flush();
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Brings everything to the disk and gives the file its name. */
  public void commit() {
    sync();
    try {
      channel.close();
      Files.move(
          temporary,
          destination,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      committed = true;
      TemporaryPaths.done(temporary);
    } catch (IOException e) {
      throw failure(e);
    }
    syncFolder();
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(temporary);
        TemporaryPaths.done(temporary);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void flush() {
    writeThrough(buffer.flip());
    buffer.clear();
  }

  private void writeThrough(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        flushed += channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The rename itself is on the disk only when the folder is. Not every system can do that. */
  private void syncFolder() {
    Path folder = destination.toAbsolutePath().getParent();
    try (FileChannel handle = FileChannel.open(folder, StandardOpenOption.READ)) {
      handle.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private UncheckedIOException failure(IOException cause) {
    String reason;
    if (cause instanceof NoSuchFileException) {
      reason = "its folder does not exist";
    } else if (cause instanceof AccessDeniedException) {
      reason = "no permission to write in its folder";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      reason = e.getReason();
    } else {
      reason = String.valueOf(cause.getMessage());
    }
    return new UncheckedIOException(destination + ": cannot be written: " + reason, cause);
  }
}
