package dev.graft.weights.torch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The pickle that a file of before PyTorch 1.6 begins with: the number 0x1950a86a20f9469cfc6c. It
 * is the only one in these files that fits no long, so that it is compared rather than unpickled.
 */
final class LegacyMagic {
  /** Opcode LONG1, ten bytes, opcode STOP. */
  private static final byte[] BINARY = HexFormat.of().parseHex("8a0a6cfc9c46f9206aa850192e");

  /** Protocols 0 and 1. */
  private static final byte[] TEXT =
      "L119547037146038801333356L\n.".getBytes(StandardCharsets.US_ASCII);

  private static final int PROTO = 0x80;
  private static final int FIRST_BINARY_PROTOCOL = 2;
  private static final int FIRST_FRAMED_PROTOCOL = 4;
  private static final int HIGHEST_PROTOCOL = 5;
  private static final int FRAME_LENGTH = 9;

  private LegacyMagic() {}

  /** How many bytes of a file's head it takes up; 0 where it is not there. */
  static int length(ByteBuffer head) {
    if (startsWith(head, 0, TEXT)) {
      return TEXT.length;
    }
    if (head.limit() < 2 || (head.get(0) & 0xff) != PROTO) {
      return 0;
    }
    int protocol = head.get(1);
    if (protocol < FIRST_BINARY_PROTOCOL || protocol > HIGHEST_PROTOCOL) {
      return 0;
    }
    int start = protocol < FIRST_FRAMED_PROTOCOL ? 2 : 2 + FRAME_LENGTH;
    return startsWith(head, start, BINARY) ? start + BINARY.length : 0;
  }

  private static boolean startsWith(ByteBuffer head, int at, byte[] expected) {
    return head.limit() >= at + expected.length
        && head.slice(at, expected.length).equals(ByteBuffer.wrap(expected));
  }
}
