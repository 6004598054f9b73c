package dev.graft.weights.archive;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.io.SpilledBytes;
import dev.graft.weights.zip.DeflatedEntry;
import dev.graft.weights.zip.ZipEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;

/** Writes entries, whose names have been checked, to files below a folder. */
final class Extraction {
  /** Left free on the disk. */
  private static final long RESERVE_BYTES = 256L << 20;

  /** Weights are hard to compress: what expands more than this is made to fill the disk. */
  private static final long MAX_RATIO = 100;

  /** Small archives may expand as they like. */
  private static final long MAX_UNSUSPICIOUS_BYTES = 1L << 30;

  private static final int PIECE_BYTES = 1 << 16;

  private final MappedFile archive;

  Extraction(MappedFile archive) {
    this.archive = archive;
  }

  /**
   * Extracts the entries to the paths that they have in the archive.
   *
   * @throws MalformedWeightsException where they are not what the archive says of them
   * @throws WeightsException where the disk has no room
   */
  void extract(List<ZipEntry> entries, Path folder) {
    try {
      checkRoom(entries, Files.getFileStore(folder).getUsableSpace());
      for (ZipEntry entry : entries) {
        Path file = folder.resolve(entry.name());
        Files.createDirectories(file.getParent());
        copy(entry, file);
      }
    } catch (IOException e) {
      throw new WeightsException(
          archive.source() + ": cannot be extracted to " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Refuses what is too much, for the disk or for weights. */
  void checkRoom(List<ZipEntry> entries, long usable) {
    long total = 0;
    for (ZipEntry entry : entries) {
      try {
        total = Math.addExact(total, entry.size());
      } catch (ArithmeticException e) {
        total = Long.MAX_VALUE;
      }
    }
    if (total > MAX_UNSUSPICIOUS_BYTES && total / MAX_RATIO > archive.length()) {
      throw new MalformedWeightsException(
          String.format(
              "%s: claims to expand from %d to %d bytes, more than %d times",
              archive.source(), archive.length(), total, MAX_RATIO));
    }
    if (total > usable - RESERVE_BYTES) {
      throw new WeightsException(
          String.format(
              "%s: cannot be extracted: it has %d bytes, the disk of %s has %d free, of which %d"
                  + " are left alone",
              archive.source(),
              total,
              System.getProperty("java.io.tmpdir"),
              usable,
              RESERVE_BYTES));
    }
  }

  private void copy(ZipEntry entry, Path file) throws IOException {
    String source = archive.source() + ": entry " + Printable.of(entry.name());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      long[] written = new long[1];
      SpilledBytes.Sink sink =
          piece -> {
            written[0] += piece.remaining();
            if (written[0] > entry.size()) {
              throw new MalformedWeightsException(
                  source + ": inflates to more than the expected " + entry.size() + " bytes");
            }
            while (piece.hasRemaining()) {
              channel.write(piece);
            }
          };
      if (entry.deflated()) {
        new DeflatedEntry(archive, entry, source).writeTo(sink);
      } else {
        copyStored(entry, source, sink);
      }
      if (written[0] != entry.size()) {
        throw new MalformedWeightsException(
            source + ": inflates to " + written[0] + " bytes, expected " + entry.size());
      }
    }
  }

  private void copyStored(ZipEntry entry, String source, SpilledBytes.Sink sink)
      throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    for (long at = 0; at < entry.size(); at += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, entry.size() - at);
      archive.read(entry.dataStart() + at, piece.clear().limit(count));
      crc.update(piece.flip());
      sink.put(piece.rewind());
    }
    if ((int) crc.getValue() != entry.crc()) {
      throw new MalformedWeightsException(
          String.format(
              "%s: checksum (CRC-32) %08x, expected %08x", source, crc.getValue(), entry.crc()));
    }
  }
}
