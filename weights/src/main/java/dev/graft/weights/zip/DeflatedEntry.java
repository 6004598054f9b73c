package dev.graft.weights.zip;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SpilledBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates an entry: its first bytes for the header, all of them, checked, on the first use. */
public final class DeflatedEntry {
  private static final int PIECE_BYTES = 1 << 16;

  private final MappedFile file;
  private final ZipEntry entry;
  private final String source;

  /**
   * A deflated entry of a file.
   *
   * @param source what messages call it
   */
  public DeflatedEntry(MappedFile file, ZipEntry entry, String source) {
    this.file = file;
    this.entry = entry;
    this.source = source;
  }

  /** The first bytes, as many as asked for or as there are. */
  public ByteBuffer prefix(int length) {
    ByteBuffer prefix = ByteBuffer.allocate((int) Math.min(length, entry.size()));
    try {
      inflate(
          piece -> {
            int count = Math.min(piece.remaining(), prefix.remaining());
            prefix.put(piece.slice(piece.position(), count));
            return prefix.hasRemaining();
          });
    } catch (IOException e) {
      throw new IllegalStateException("a sink in memory does not fail", e);
    }
    return prefix.flip();
  }

  /** All bytes, inflated and their checksum compared on the first use. */
  public SpilledBytes bytes() {
    return new SpilledBytes(file, source, entry.size(), this::writeTo);
  }

  /**
   * Inflates all bytes into a sink, and compares their checksum. It may be given more than the
   * entry's size: the sink counts.
   */
  public void writeTo(SpilledBytes.Sink sink) throws IOException {
    CRC32 crc = new CRC32();
    long consumed =
        inflate(
            piece -> {
              crc.update(piece.duplicate());
              sink.put(piece);
              return true;
            });
    if (consumed != entry.storedSize()) {
      throw new MalformedWeightsException(
          source + ": its deflated bytes end after " + consumed + " of " + entry.storedSize());
    }
    if ((int) crc.getValue() != entry.crc()) {
      throw new MalformedWeightsException(
          String.format(
              "%s: checksum (CRC-32) %08x, expected %08x", source, crc.getValue(), entry.crc()));
    }
  }

  /** Takes a piece and says whether it wants another. */
  private interface Taker {
    boolean take(ByteBuffer piece) throws IOException;
  }

  private long inflate(Taker taker) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      ByteBuffer in = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, entry.storedSize()));
      // One byte more than expected shows that there is more.
      ByteBuffer out = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, entry.size() + 1));
      long read = 0;
      boolean wanted = true;
      while (wanted && !inflater.finished()) {
        if (inflater.needsInput()) {
          int count = (int) Math.min(in.capacity(), entry.storedSize() - read);
          if (count == 0) {
            throw new MalformedWeightsException(
                source + ": its deflated bytes stop before their end mark");
          }
          file.read(entry.dataStart() + read, in.clear().limit(count));
          read += count;
          inflater.setInput(in.flip());
        }
        inflater.inflate(out.clear());
        if (inflater.needsDictionary()) {
          throw new MalformedWeightsException(source + ": its deflated bytes want a dictionary");
        }
        wanted = taker.take(out.flip());
      }
      return inflater.getBytesRead();
    } catch (DataFormatException e) {
      throw new MalformedWeightsException(
          source + ": its deflated bytes are broken: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
