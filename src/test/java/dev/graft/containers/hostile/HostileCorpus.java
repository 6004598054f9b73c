package dev.graft.containers.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the hostile files that are built, under names that say what has to become of them. */
final class HostileCorpus {
  /** What the name of a file begins with that must be refused; others may be read. */
  static final String REFUSED = "refused-";

  private static final List<HostileFiles> KINDS =
      List.of(
          new PickleBombs(),
          new AbsurdNpy(),
          new ZipBombs(),
          new HostileNames(),
          new HostileSafetensors(),
          new HostileTorch());

  private final Path folder;

  /** A corpus that is written into a folder. */
  HostileCorpus(Path folder) {
    this.folder = folder;
  }

  /** Writes all files. */
  void addAll() throws IOException {
    for (HostileFiles kind : KINDS) {
      kind.addTo(this);
    }
  }

  /** Writes a file. */
  interface Content {
    /** Writes it. */
    void writeTo(Path file) throws IOException;
  }

  /** A file that must be refused. */
  void refused(String name, byte[] content) throws IOException {
    refused(name, file -> Files.write(file, content));
  }

  /** A file that must be refused. */
  void refused(String name, Content content) throws IOException {
    content.writeTo(folder.resolve(REFUSED + name));
  }

  /** A file that may be read, but must do no harm. */
  void harmless(String name, byte[] content) throws IOException {
    harmless(name, file -> Files.write(file, content));
  }

  /** A file that may be read, but must do no harm. */
  void harmless(String name, Content content) throws IOException {
    content.writeTo(folder.resolve("harmless-" + name));
  }
}
