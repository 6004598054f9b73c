package dev.graft.weights.pickle;

import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.ParallelRun;
import dev.graft.weights.io.SpilledBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes one text. It is cut, where a character begins, into pieces that are decoded at the same
 * time, a wave of them while the wave before goes to the sink.
 */
final class TextDecoding {
  private static final int PIECE_BYTES = 1 << 18;
  private static final int WAVE = 8;

  /** How far before a piece's end a place to cut at is looked for. */
  private static final int CUT_BYTES = 256;

  private final StringCoding coding;
  private final MappedFile file;
  private final long end;
  private long position;

  TextDecoding(StringCoding coding, MappedFile file, long start, long length) {
    this.coding = coding;
    this.file = file;
    this.position = start;
    this.end = start + length;
  }

  void run(SpilledBytes.Sink sink) throws IOException {
    List<TextPiece> spare = new ArrayList<>();
    List<TextPiece> before = new ArrayList<>();
    try {
      while (position < end) {
        List<TextPiece> wave = place(spare);
        List<TextPiece> ready = before;
        List<Runnable> work = new ArrayList<>(wave.size() + 1);
        if (!ready.isEmpty()) {
          work.add(() -> put(ready, sink));
        }
        wave.forEach(piece -> work.add(() -> piece.decode(file, coding)));
        ParallelRun.all(work);
        // Checks all of them, and finds where the last one really ends.
        wave.forEach(piece -> position = piece.end());
        spare = ready;
        before = wave;
      }
      put(before, sink);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The next pieces, laid over the file from the position on. */
  private List<TextPiece> place(List<TextPiece> spare) {
    List<TextPiece> wave = new ArrayList<>(WAVE);
    long at = position;
    while (wave.size() < WAVE && at < end) {
      TextPiece piece =
          wave.size() < spare.size()
              ? spare.get(wave.size())
              : new TextPiece((int) Math.min(PIECE_BYTES, end - at));
      wave.add(piece);
      if (end - at <= PIECE_BYTES) {
        piece.place(at, (int) (end - at), true);
        break;
      }
      int cut = cut(at + PIECE_BYTES);
      piece.place(at, PIECE_BYTES - Math.max(cut, 0), cut >= 0);
      if (cut < 0) {
        // Only its decoding shows where it ends.
        break;
      }
      at += PIECE_BYTES - cut;
    }
    return wave;
  }

  /** How many bytes before a place a character certainly begins; -1 where none is found. */
  private int cut(long place) {
    byte[] text = new byte[CUT_BYTES + 1];
    file.read(place - CUT_BYTES, ByteBuffer.wrap(text));
    for (int at = CUT_BYTES; at >= coding.longest(); at--) {
      if (coding.beginsCharacter(text, at)) {
        return CUT_BYTES - at;
      }
    }
    return -1;
  }

  private static void put(List<TextPiece> pieces, SpilledBytes.Sink sink) {
    try {
      for (TextPiece piece : pieces) {
        sink.put(piece.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
