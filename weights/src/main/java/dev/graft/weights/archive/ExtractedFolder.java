package dev.graft.weights.archive;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.zip.ZipEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Opens an archive of several files: extracted, as the folder that they were. */
final class ExtractedFolder {
  private static final int HEAD_BYTES = 4096;

  private ExtractedFolder() {}

  static WeightStore open(MappedFile archive, List<ZipEntry> files) {
    TemporaryFolder temporary = new TemporaryFolder(archive.source());
    try {
      // The archive's name in the path is seen in messages about arrays read later.
      Path root = Files.createDirectory(temporary.path().resolve(archive.name()));
      new Extraction(archive).extract(files, root);
      for (ZipEntry file : files) {
        refuseArchive(root.resolve(file.name()), file, archive.source());
      }
      WeightStore store = Extracted.open(top(root), root, archive.source());
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

  private static void refuseArchive(Path extracted, ZipEntry file, String source)
      throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    try (FileChannel channel = FileChannel.open(extracted, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {}
    }
    if (ArchiveFormat.matches(head.flip())) {
      throw new MalformedWeightsException(
          source + ": entry " + Printable.of(file.name()) + " is a zip archive in a zip archive");
    }
  }

  /** The folder itself, or the only one in it. */
  private static Path top(Path root) throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      List<Path> found = children.toList();
      return found.size() == 1 && Files.isDirectory(found.get(0)) ? found.get(0) : root;
    }
  }
}
