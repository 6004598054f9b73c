package dev.graft.weights.pickle;

import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Finds the end of a line that may be hundreds of megabytes long. */
final class LineScan {
  private static final long NEWLINES = '\n' * Words.ONES;
  private static final int PIECE_BYTES = 1 << 24;
  private static final int STEP = 4 * Long.BYTES;

  private LineScan() {}

  /** Where the first newline from a place on is; -1 where there is none. */
  static long newline(MappedFile file, long from) {
    for (long at = from; at < file.length(); at += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, file.length() - at);
      int found = newline(piece(file, at, count));
      if (found >= 0) {
        return at + found;
      }
    }
    return -1;
  }

  private static ByteBuffer piece(MappedFile file, long at, int count) {
    // Every run of up to a gibibyte lies in one buffer.
    return file.slice(at, count).orElseThrow().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int newline(ByteBuffer bytes) {
    int at = 0;
    int lastStep = bytes.limit() - STEP;
    while (at <= lastStep
        && (equal(bytes, at) | equal(bytes, at + 8) | equal(bytes, at + 16) | equal(bytes, at + 24))
            == 0) {
      at += STEP;
    }
    while (at < bytes.limit()) {
      if (bytes.get(at) == '\n') {
        return at;
      }
      at++;
    }
    return -1;
  }

  private static long equal(ByteBuffer bytes, int at) {
    return Words.equal(bytes.getLong(at), NEWLINES);
  }
}
