package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The regular files of a tar archive, each as a part of it. */
final class TarMembers {
  static final int BLOCK = 512;
  private static final int MAX_MEMBERS = 1000;
  private static final int MAX_END = 1 << 16;
  private static final int NAME_LENGTH = 100;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPE_OFFSET = 156;

  /** Extended headers: what they give besides names and times makes no difference here. */
  private static final String SKIPPED_TYPES = "xgLK";

  private final MappedFile file;

  private TarMembers(MappedFile file) {
    this.file = file;
  }

  /** The members by their names. */
  static Map<String, MappedFile> read(MappedFile file) {
    return new TarMembers(file).members();
  }

  /** The member name in a header block at an offset of a file's head. */
  static String name(ByteBuffer head, int at) {
    int length = 0;
    while (length < NAME_LENGTH && head.get(at + length) != 0) {
      length++;
    }
    return StandardCharsets.ISO_8859_1.decode(head.slice(at, length)).toString();
  }

  private Map<String, MappedFile> members() {
    Map<String, MappedFile> members = new HashMap<>();
    long at = 0;
    for (int count = 0; count < MAX_MEMBERS; count++) {
      ByteBuffer header = header(at);
      if (header.get(0) == 0) {
        checkEnd(at);
        return members;
      }
      checkSum(header, at);
      long size = size(header, at);
      String name = name(header, 0);
      char type = (char) header.get(TYPE_OFFSET);
      long start = at + BLOCK;
      if (size > file.length() - start) {
        throw error(
            String.format(
                "truncated: ends at byte %d, but member %s needs %d bytes from byte %d on",
                file.length(), Printable.of(name), size, start));
      }
      if (type == '0' || type == 0) {
        if (members.put(name, file.part(start, size, name)) != null) {
          throw error("member " + Printable.of(name) + " is there twice");
        }
      } else if (SKIPPED_TYPES.indexOf(type) < 0) {
        throw error("member " + Printable.of(name) + " at byte " + at + " is no regular file");
      }
      at = start + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    throw error("more than " + MAX_MEMBERS + " members");
  }

  private ByteBuffer header(long at) {
    if (at > file.length() - BLOCK) {
      throw error(
          "truncated: ends at byte "
              + file.length()
              + ", without the empty block that ends a tar archive");
    }
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    file.read(at, header);
    return header.flip();
  }

  /** Zeros to the end, at least two blocks of them; writers fill up to 20 blocks. */
  private void checkEnd(long at) {
    long length = file.length() - at;
    if (length < 2 * BLOCK || length % BLOCK != 0) {
      throw error("truncated: ends at byte " + file.length() + ", inside its empty blocks");
    }
    if (length > MAX_END) {
      throw error(length + " trailing bytes from byte " + at + " on");
    }
    ByteBuffer end = ByteBuffer.allocate((int) length);
    file.read(at, end);
    if (end.flip().mismatch(ByteBuffer.allocate((int) length)) >= 0) {
      throw error("trailing bytes that are not zero after the empty block at byte " + at);
    }
  }

  private void checkSum(ByteBuffer header, long at) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      sum += own ? ' ' : header.get(i) & 0xff;
    }
    long expected = octal(header, CHECKSUM_OFFSET, CHECKSUM_LENGTH, at);
    if (sum != expected) {
      throw error(
          "the header at byte " + at + " has the checksum " + sum + ", expected " + expected);
    }
  }

  private long size(ByteBuffer header, long at) {
    if (header.get(SIZE_OFFSET) >= 0) {
      return octal(header, SIZE_OFFSET, SIZE_LENGTH, at);
    }
    // GNU's way beyond 8 GiB: a mark, then a big-endian number.
    long size = header.getLong(SIZE_OFFSET + SIZE_LENGTH - Long.BYTES);
    if (size < 0 || header.getInt(SIZE_OFFSET) != 0x8000_0000) {
      throw error("the header at byte " + at + " has a size that no file can have");
    }
    return size;
  }

  private long octal(ByteBuffer header, int offset, int length, long at) {
    String digits =
        StandardCharsets.ISO_8859_1
            .decode(header.slice(offset, length))
            .toString()
            .replace('\0', ' ')
            .strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw error(
          "the header at byte " + at + " has the number " + Printable.of(digits) + ", not octal");
    }
    return Long.parseLong(digits, 8);
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(file.source() + ": " + problem);
  }
}
