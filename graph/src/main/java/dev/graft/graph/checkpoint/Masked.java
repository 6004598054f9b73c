package dev.graft.graph.checkpoint;

/** CRC-32C as TensorFlow's files have it: rotated and offset, so that checksums can be summed. */
final class Masked {
  private static final int DELTA = 0xa282ead8;

  private Masked() {}

  static int mask(int crc) {
    return Integer.rotateRight(crc, 15) + DELTA;
  }
}
