package dev.graft.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The first 33 bytes of a mask's PNG file (signature and IHDR chunk), changed so that TensorFlow
 * decodes class ids: it would expand a palette image to colours, but a palette image's pixels are
 * stored as a grey image's are, so the colour type "grey" in the header is all that it takes.
 *
 * @param bytes the changed header, to be put before the rest of the file
 * @param divisor what grey values of fewer than 8 bits were multiplied by in decoding
 */
record MaskHeader(ByteBuffer bytes, int divisor) {
  /** Signature (8), chunk length and type (8), IHDR (13), checksum (4). */
  static final int LENGTH = 33;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int IHDR = 0x49484452;
  private static final int DEPTH_AT = 24;
  private static final int TYPE_AT = 25;
  private static final int CHECKSUM_AT = 29;
  private static final int GREY = 0;
  private static final int PALETTE = 3;

  /**
   * Reads a mask's header.
   *
   * @throws DatasetException for anything but a grey or palette PNG of at most 8 bits
   */
  static MaskHeader read(Path file) {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LENGTH);
    } catch (IOException e) {
      throw new DatasetException(file + ": cannot be read: " + e.getMessage());
    }
    ByteBuffer buffer = ByteBuffer.wrap(head);
    if (head.length < LENGTH
        || !Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
        || buffer.getInt(12) != IHDR) {
      throw new DatasetException(file + ": a mask must be a PNG file, this is not one");
    }
    int depth = head[DEPTH_AT];
    int type = head[TYPE_AT];
    if (type != GREY && type != PALETTE) {
      throw new DatasetException(
          file + ": a mask must have one class id a pixel (grey or palette), this one has colours");
    }
    if (depth > 8) {
      throw new DatasetException(file + ": a mask must have 8 bits a pixel, this one has " + depth);
    }
    head[TYPE_AT] = GREY;
    CRC32 checksum = new CRC32();
    checksum.update(head, 12, CHECKSUM_AT - 12);
    buffer.putInt(CHECKSUM_AT, (int) checksum.getValue());
    return new MaskHeader(buffer, 255 / ((1 << depth) - 1));
  }
}
