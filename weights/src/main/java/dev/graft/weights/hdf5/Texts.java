package dev.graft.weights.hdf5;

import dev.graft.weights.hdf5.Datatype.Kind;
import dev.graft.weights.hdf5.GlobalHeap.Text;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads elements that are text, however they are kept. */
final class Texts {
  private static final int SHOWN_CHARS = 100;

  /** Characters have at most three bytes each, or four for two of them. */
  private static final int SHOWN_BYTES = 3 * SHOWN_CHARS;

  private Texts() {}

  /** A text for people, cut where it is long. */
  static String shown(Cursor element, Datatype type, GlobalHeap heap) {
    Text text = read(element, type, heap, SHOWN_BYTES);
    String whole = StandardCharsets.UTF_8.decode(text.bytes()).toString();
    if (text.length() <= SHOWN_BYTES) {
      return Printable.of(whole);
    }
    return Printable.of(whole.substring(0, SHOWN_CHARS)) + "... (" + text.length() + " bytes)";
  }

  /**
   * Reads one.
   *
   * @param element its bytes
   * @param most how many bytes of the text to give at most
   */
  static Text read(Cursor element, Datatype type, GlobalHeap heap, int most) {
    if (type.kind() == Kind.HEAP_STRING) {
      return heap.text(element, most);
    }
    byte[] padded = element.bytes(element.remaining());
    int end = 0;
    while (end < padded.length && padded[end] != 0) {
      end++;
    }
    while (type.kind() == Kind.SPACE_PADDED_STRING && end > 0 && padded[end - 1] == ' ') {
      end--;
    }
    return new Text(ByteBuffer.wrap(padded, 0, Math.min(end, most)), end);
  }
}
