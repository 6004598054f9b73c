package dev.graft.weights;

import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Says what a file that no format knows begins with, and what it looks like. */
final class UnknownContent {
  private static final int SHOWN_BYTES = 16;
  private static final int TAR_MAGIC = 257;

  private UnknownContent() {}

  static String describe(ByteBuffer head) {
    byte[] start = new byte[Math.min(SHOWN_BYTES, head.limit())];
    head.get(0, start);
    String shown =
        HexFormat.ofDelimiter(" ").formatHex(start)
            + " "
            + Printable.of(new String(start, StandardCharsets.ISO_8859_1));
    return "unknown content, begins with " + shown + guess(head);
  }

  private static String guess(ByteBuffer head) {
    Optional<String> foreign = ForeignContent.guess(head);
    if (foreign.isPresent()) {
      return "; it looks like " + foreign.get();
    }
    if (startsWith(head, "\u001f\u008b")) {
      return "; it looks like gzip: decompress it first";
    }
    if (head.limit() >= TAR_MAGIC + 5 && startsWith(head.slice(TAR_MAGIC, 5), "ustar")) {
      return "; it looks like a tar archive: unpack it first";
    }
    return "";
  }

  private static boolean startsWith(ByteBuffer head, String magic) {
    byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
    return head.limit() >= expected.length
        && head.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
  }
}
