package dev.graft.weights.archive;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.zip.ZipEntry;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens files of an archive after extracting them, the only one or the folder that they were.
 * Messages name the archive instead of the temporary folder.
 */
final class Extracted {
  private static final int HEAD_BYTES = 4096;

  private final MappedFile archive;
  private final Path root;

  private Extracted(MappedFile archive, Path root) {
    this.archive = archive;
    this.root = root;
  }

  /** Extracts and opens; the store removes what was extracted when it is closed. */
  static WeightStore open(MappedFile archive, List<ZipEntry> files) {
    TemporaryFolder temporary = new TemporaryFolder(archive.source());
    try {
      // The archive's name in the path is seen in messages about arrays that are read later.
      Path root = Files.createDirectory(temporary.path().resolve(archive.name()));
      WeightStore store = new Extracted(archive, root).open(files);
      archive.close();
      return new ArchiveStore(store, archive.source(), temporary);
    } catch (IOException e) {
      temporary.close();
      throw MappedFile.unreadable(archive.path(), e);
    } catch (RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  private WeightStore open(List<ZipEntry> files) throws IOException {
    new Extraction(archive).extract(files, root);
    for (ZipEntry file : files) {
      refuseArchive(file);
    }
    Path path = files.size() == 1 ? root.resolve(files.get(0).name()) : topFolder();
    try {
      return WeightStore.open(path);
    } catch (UnsafeWeightsException e) {
      throw causedBy(e, new UnsafeWeightsException(named(e)));
    } catch (MalformedWeightsException e) {
      throw causedBy(e, new MalformedWeightsException(named(e)));
    } catch (WeightsException e) {
      throw new WeightsException(named(e), e);
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(named(e), e.getCause());
    }
  }

  private void refuseArchive(ZipEntry file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    try (FileChannel channel =
        FileChannel.open(root.resolve(file.name()), StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {}
    }
    if (ArchiveFormat.matches(head.flip())) {
      throw new MalformedWeightsException(
          archive.source()
              + ": entry "
              + Printable.of(file.name())
              + " is a zip archive in a zip archive");
    }
  }

  /** The folder that was extracted to, or the only one in it. */
  private Path topFolder() throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      List<Path> found = children.toList();
      return found.size() == 1 && Files.isDirectory(found.get(0)) ? found.get(0) : root;
    }
  }

  private String named(RuntimeException e) {
    return e.getMessage()
        .replace(root + File.separator, archive.source() + ": ")
        .replace(root.toString(), archive.source());
  }

  private static <E extends RuntimeException> E causedBy(RuntimeException cause, E effect) {
    effect.initCause(cause);
    return effect;
  }
}
