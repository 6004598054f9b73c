package dev.graft.weights;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** The SHA-256 of pieces. */
final class ElementHash implements Consumer<ByteBuffer> {
  private final MessageDigest digest;
  private final byte[] bytes = new byte[ArrayPieces.BYTES];

  ElementHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void accept(ByteBuffer piece) {
    int count = piece.remaining();
    piece.duplicate().get(bytes, 0, count);
    digest.update(bytes, 0, count);
  }

  /** The hash of all pieces, in hexadecimal; the next piece begins a new one. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
