package dev.graft.weights.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the first bytes of a file say about a zip archive. */
public final class ZipHead {
  private ZipHead() {}

  /** Whether it is an archive without entries. */
  public static boolean isEmptyArchive(ByteBuffer head) {
    return head.limit() >= ZipDirectory.END_LENGTH
        && head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == ZipDirectory.END_SIGNATURE;
  }

  /** Whether it begins with an entry. */
  public static boolean isArchive(ByteBuffer head) {
    return head.limit() >= LocalHeader.LENGTH
        && head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(0) == LocalHeader.SIGNATURE;
  }

  /**
   * The name of the entry that an archive begins with; empty where it is no archive, or its first
   * name is longer than the head.
   */
  public static Optional<String> firstName(ByteBuffer head) {
    if (!isArchive(head)) {
      return Optional.empty();
    }
    int length = head.duplicate().order(ByteOrder.LITTLE_ENDIAN).getShort(26) & 0xffff;
    if (length > head.limit() - LocalHeader.LENGTH) {
      return Optional.empty();
    }
    byte[] name = new byte[length];
    head.get(LocalHeader.LENGTH, name);
    return Optional.of(new String(name, StandardCharsets.UTF_8));
  }
}
