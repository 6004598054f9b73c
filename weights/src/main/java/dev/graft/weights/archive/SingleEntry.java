package dev.graft.weights.archive;

import dev.graft.weights.FileFormat;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.zip.ZipEntry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens an archive of one file: in place where it is stored, else extracted. */
final class SingleEntry {
  private static final int HEAD_BYTES = 4096;

  private SingleEntry() {}

  static WeightStore open(MappedFile archive, ZipEntry entry) {
    if (!entry.deflated()) {
      MappedFile part = archive.part(entry.dataStart(), entry.size(), entry.name());
      Optional<FileFormat> format = format(part);
      if (format.isPresent()) {
        return format.get().open(part);
      }
    }
    TemporaryFolder temporary = new TemporaryFolder(archive.source());
    try {
      return extracted(archive, entry, temporary);
    } catch (RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  private static WeightStore extracted(
      MappedFile archive, ZipEntry entry, TemporaryFolder temporary) {
    Path root = temporary.path();
    new Extraction(archive).extract(List.of(entry), root);
    Path file = root.resolve(entry.name());
    String source = archive.source() + ": entry " + Printable.of(entry.name());
    MappedFile mapped = MappedFile.open(file, source, entry.name());
    WeightStore store =
        format(mapped)
            .map(format -> format.open(mapped))
            .orElseGet(() -> Extracted.open(file, root, archive.source()));
    archive.close();
    return new ArchiveStore(store, source, temporary);
  }

  private static Optional<FileFormat> format(MappedFile file) {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.length()));
    file.read(0, head);
    if (ArchiveFormat.matches(head.flip())) {
      throw new MalformedWeightsException(file.source() + " is a zip archive in a zip archive");
    }
    return FileFormat.of(file);
  }
}
