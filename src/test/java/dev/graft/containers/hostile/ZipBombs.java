package dev.graft.containers.hostile;

import dev.graft.containers.Npy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Archives that inflate without end, overlap, or point anywhere. */
final class ZipBombs implements HostileFiles {
  private static final int MIB = 1 << 20;
  private static final byte[] SMALL = Npy.file("|u1", false, "(2,)", new byte[2]);
  private static final byte[] X = "x.npy".getBytes(StandardCharsets.UTF_8);
  private static final long MAX_32 = 0xffffffffL;

  @Override
  public void addTo(HostileCorpus corpus) throws IOException {
    addSizes(corpus);
    addOverlaps(corpus);
    addDirectories(corpus);
    addMany(corpus);
  }

  /** An .npy of this many zeros. */
  private static byte[] zeros(int count) {
    return Npy.file("|u1", false, "(" + count + ",)", new byte[count]);
  }

  private static void addSizes(HostileCorpus corpus) throws IOException {
    byte[] large = zeros(70 * MIB);
    RawZip honest = new RawZip().deflated("x.npy", large);
    corpus.harmless("a-thousand-to-one.npz", honest.finish());
    corpus.refused("claims-less.npz", new RawZip().deflated("x.npy", large, 1000).finish());
    corpus.refused("claims-4-gib.npz", new RawZip().deflated("x.npy", SMALL, MAX_32 - 1).finish());
    corpus.refused(
        "claims-more.npz", new RawZip().deflated("x.npy", SMALL, SMALL.length + 100).finish());
    byte[] inner = honest.finish();
    corpus.refused("archive-in-an-archive.npz", new RawZip().stored("x.npy", inner).finish());
    corpus.refused(
        "packed-archive-in-an-archive.npz", new RawZip().deflated("x.npy", inner).finish());
    byte[] promise = Npy.file("<f8", false, "(65536, 65536, 65536)");
    corpus.refused("absurd-array.npz", new RawZip().deflated("x.npy", promise).finish());
    corpus.refused(
        "stored-but-larger.npz",
        new RawZip()
            .entry(X, 0, RawZip.STORED, RawZip.crc(SMALL), SMALL, SMALL.length, MAX_32 - 1)
            .finish());
    corpus.refused(
        "beyond-the-file.npz",
        new RawZip().entry(X, 0, RawZip.STORED, 0, SMALL, MAX_32 - 1, MAX_32 - 1).finish());
    corpus.refused(
        "zip64-without-its-field.npz",
        new RawZip().entry(X, 0, RawZip.STORED, 0, SMALL, MAX_32, MAX_32).finish());
    corpus.refused(
        "no-end-of-deflated.npz",
        new RawZip().entry(X, 0, RawZip.DEFLATED, 0, new byte[0], 0, 500).finish());
    corpus.refused(
        "encrypted.npz", new RawZip().entry(X, 1, RawZip.STORED, 0, SMALL, 5, 5).finish());
    corpus.refused("method-99.npz", new RawZip().entry(X, 0, 99, 0, SMALL, 5, 5).finish());
  }

  private static void addOverlaps(HostileCorpus corpus) throws IOException {
    int crc = RawZip.crc(SMALL);
    RawZip same = new RawZip().stored("x.npy", SMALL);
    for (int i = 0; i < 1000; i++) {
      same.listed(X, 1 << 11, RawZip.STORED, crc, SMALL.length, SMALL.length, 0);
    }
    corpus.refused("one-entry-listed-often.npz", same.finish());
    // Every entry holds the headers of all that follow it.
    RawZip nested = new RawZip();
    int count = 500;
    int header = 30 + "y000.npy".length();
    long total = (long) count * header + SMALL.length;
    for (int i = 0; i < count; i++) {
      byte[] name = String.format("y%03d.npy", i).getBytes(StandardCharsets.UTF_8);
      long size = total - (long) (i + 1) * header;
      nested.listed(name, 0, RawZip.STORED, 0, size, size, nested.position());
      nested.bytes(RawZip.local(name, 0, RawZip.STORED, 0, size, size));
    }
    corpus.refused("nested-entries.npz", nested.bytes(SMALL).finish());
    corpus.refused(
        "entry-in-the-directory.npz",
        new RawZip().stored("a.npy", SMALL).listed(X, 0, 0, 0, 0, 0, SMALL.length).finish());
    corpus.refused(
        "entry-at-minus-one.npz",
        new RawZip().stored("a.npy", SMALL).listed(X, 0, 0, 0, 0, 0, -2).finish());
  }

  private static void addDirectories(HostileCorpus corpus) throws IOException {
    corpus.refused(
        "directory-of-65534.npz", new RawZip().stored("x.npy", SMALL).finish(65534, 60, 100));
    corpus.refused(
        "directory-of-4-gib.npz", new RawZip().stored("x.npy", SMALL).finish(1, MAX_32 - 1, 0));
    corpus.refused(
        "directory-at-the-end.npz", new RawZip().stored("x.npy", SMALL).finish(1, 0, -2));
    corpus.refused("sixty-mib-of-directory.npz", file -> sparse(file, 60 * MIB));
    corpus.refused("two-gib-of-directory.npz", file -> sparse(file, 2L * 1024 * MIB));
  }

  /** An archive that is nothing but a directory of zeros, most of which the disk does not hold. */
  private static void sparse(Path path, long size) throws IOException {
    byte[] entry = new RawZip().stored("x.npy", SMALL).finish(1, size, SMALL.length + 35L);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(entry, 0, SMALL.length + 35);
      file.seek(SMALL.length + 35L + size);
      file.write(entry, entry.length - 22, 22);
    }
  }

  private static byte[] entries(int count) {
    RawZip archive = new RawZip();
    for (int i = 0; i < count; i++) {
      archive.stored("n" + i + ".npy", SMALL);
    }
    return archive.finish();
  }

  private static void addMany(HostileCorpus corpus) throws IOException {
    corpus.harmless("many-entries.npz", entries(49_000));
    corpus.refused("too-many-entries.npz", entries(65_000));
    RawZip names = new RawZip();
    String name = "n".repeat(60_000);
    for (int i = 0; i < 300; i++) {
      names.stored(i + name + ".npy", SMALL);
    }
    corpus.harmless("long-names.npz", names.finish());
    byte[] mebibyte = zeros(MIB - 200);
    RawZip memory = new RawZip();
    for (int i = 0; i < 100; i++) {
      memory.deflated("n" + i + ".npy", mebibyte);
    }
    corpus.harmless("many-mebibytes.npz", memory.finish());
    byte[] comments = Npy.file(" ".repeat(60_000), new byte[0]);
    RawZip headers = new RawZip();
    headers.deflated("a.npy", SMALL);
    byte[] packed = RawZip.deflate(comments);
    for (int i = 0; i < 20_000; i++) {
      byte[] raw = ("n" + i + ".npy").getBytes(StandardCharsets.UTF_8);
      headers.entry(
          raw, 0, RawZip.DEFLATED, RawZip.crc(comments), packed, packed.length, comments.length);
    }
    corpus.refused("many-headers.npz", headers.finish());
    byte[] small = RawZip.deflate(SMALL);
    RawZip tiny = new RawZip();
    for (int i = 0; i < 20_000; i++) {
      byte[] raw = ("n" + i + ".npy").getBytes(StandardCharsets.UTF_8);
      tiny.entry(raw, 0, RawZip.DEFLATED, RawZip.crc(SMALL), small, small.length, SMALL.length);
    }
    corpus.harmless("many-deflated.npz", tiny.finish());
  }
}
