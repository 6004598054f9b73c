package dev.graft.weights.folder;

import dev.graft.weights.WeightArray;
import dev.graft.weights.io.FolderTree;
import dev.graft.weights.io.OutputPieces;
import dev.graft.weights.io.ParallelRun;
import dev.graft.weights.io.TemporaryPaths;
import dev.graft.weights.npy.NpyWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;

/**
 * A folder of .npy files that is written under a temporary name beside its destination and renamed
 * by {@link #commit}. Closing it without a commit removes it. For one thread.
 */
final class FolderOutput implements AutoCloseable {
  private final Path destination;
  private final Path temporary;
  private final Path replaced;
  private final LongConsumer progress;
  private final List<Path> files = new ArrayList<>();
  private final Set<Path> folders = new LinkedHashSet<>();
  private final OutputPieces pieces = new OutputPieces();
  private long arrayBytes;

  FolderOutput(Path destination, LongConsumer progress) {
    this.destination = destination;
    this.progress = progress;
    // Not the destination's name, which may be as long as a name can be.
    String name = ".graft-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    this.temporary = destination.resolveSibling(name + ".tmp");
    this.replaced = destination.resolveSibling(name + ".old");
    TemporaryPaths.add(temporary);
    try {
      Files.createDirectory(temporary);
    } catch (IOException e) {
      TemporaryPaths.done(temporary);
      throw failure(e);
    }
    folders.add(temporary);
  }

  /** Writes one array to the file of these path components. */
  void write(List<String> components, WeightArray array) {
    byte[] header = NpyWriter.header(array, destination.toString());
    try {
      Path file = folder(components).resolve(components.get(components.size() - 1));
      // A new one: where two names differ in case only, some systems would take them for the same.
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        files.add(file);
        writeAll(channel, ByteBuffer.wrap(header));
        writeElements(channel, array);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path folder(List<String> components) throws IOException {
    Path folder = temporary;
    for (String component : components.subList(0, components.size() - 1)) {
      folder = folder.resolve(component);
      if (folders.add(folder)) {
        Files.createDirectory(folder);
      }
    }
    return folder;
  }

  private void writeElements(FileChannel channel, WeightArray array) throws IOException {
    pieces.forEach(
        array,
        piece -> {
          int count = piece.remaining();
          writeAll(channel, piece);
          arrayBytes += count;
          progress.accept(arrayBytes);
        });
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Brings everything to the disk and gives the folder its name; a folder that had it before is
   * moved away, then removed. A process killed between the two renames leaves both, the old one as
   * {@code .graft-*.old}.
   */
  void commit() {
    try {
      // All at the end: then the disk has more to put into one order.
      ParallelRun.all(files.stream().<Runnable>map(file -> () -> force(file)).toList());
      folders.forEach(FolderOutput::sync);
      boolean replaces = Files.exists(destination, LinkOption.NOFOLLOW_LINKS);
      if (replaces) {
        Files.move(destination, replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (replaces) {
          Files.move(replaced, destination, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
      sync(destination.toAbsolutePath().getParent());
      if (replaces) {
        FolderTree.delete(replaced);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void force(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(temporary);
      TemporaryPaths.done(temporary);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Names are on the disk only when their folder is. Not every system can do that. */
  private static void sync(Path folder) {
    try (FileChannel handle = FileChannel.open(folder, StandardOpenOption.READ)) {
      handle.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private UncheckedIOException failure(IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof NoSuchFileException && !Files.exists(temporary)) {
      reason = "its folder does not exist";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      reason = e.getReason() + ": " + e.getFile();
    }
    return new UncheckedIOException(destination + ": cannot be written: " + reason, cause);
  }
}
