package dev.graft.cli.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as a manifest knows it.
 *
 * @param name without the folder, or as seen from a container that is a folder
 * @param size in bytes
 * @param sha256 of its bytes, in hexadecimal
 */
public record FileHash(String name, long size, String sha256) {
  private static final int PIECE_BYTES = 1 << 16;

  public FileHash {
    Manifest.required(name, "name");
    Manifest.required(sha256, "sha256");
  }

  /**
   * Reads a file once.
   *
   * @throws UncheckedIOException where it cannot be read
   */
  static FileHash of(String name, Path file) {
    MessageDigest digest = digest();
    byte[] piece = new byte[PIECE_BYTES];
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        digest.update(piece, 0, count);
        size += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
    return new FileHash(name, size, HexFormat.of().formatHex(digest.digest()));
  }

  /** The SHA-256 of a text in UTF-8. */
  static String ofText(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
