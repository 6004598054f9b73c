package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access to the structures of a file: blocks at addresses, checked against the file's length and
 * against a limit on all bytes read, which bounds the time that any loop in the file can cost.
 */
final class Metadata {
  /** The address of what is not there. */
  static final long UNDEFINED = -1;

  private final MappedFile file;
  private final long base;
  private final int offsetSize;
  private final int lengthSize;
  private final long limit;
  private long consumed;
  private long chars;
  private String place = "";

  /**
   * A file's structures.
   *
   * @param base the byte that addresses count from
   * @param offsetSize bytes of an address
   * @param lengthSize bytes of a length
   * @param limit how many bytes may be read in all
   */
  Metadata(MappedFile file, long base, int offsetSize, int lengthSize, long limit) {
    this.file = file;
    this.base = base;
    this.offsetSize = offsetSize;
    this.lengthSize = lengthSize;
    this.limit = limit;
  }

  /** The same file with a limit of its own, for what is read later. */
  Metadata withLimit(long newLimit) {
    Metadata copy = new Metadata(file, base, offsetSize, lengthSize, newLimit);
    copy.place = place;
    return copy;
  }

  /** Says in the messages to come which object is being read. */
  void enter(String newPlace) {
    place = newPlace;
  }

  /** What messages call the file and the object being read. */
  String where() {
    return file.source() + ": " + (place.isEmpty() ? "" : place + ": ");
  }

  MappedFile file() {
    return file;
  }

  int offsetSize() {
    return offsetSize;
  }

  int lengthSize() {
    return lengthSize;
  }

  /** The position in the file of an address. */
  long position(long address) {
    return base + address;
  }

  /** Bytes that addresses can reach. */
  long span() {
    return file.length() - base;
  }

  /** Copies a block of at most so many bytes, of at least one: fewer at the end of the file. */
  Cursor blockUpTo(long address, long most, String what) {
    require(address, 1, what);
    return block(address, Math.min(most, span() - address), what);
  }

  /** Copies a block. */
  Cursor block(long address, long count, String what) {
    require(address, count, what);
    consumed += Math.max(count, 8);
    if (consumed > limit || count > Limits.HEADER_BYTES) {
      throw malformed(
          address,
          "more than "
              + Math.min(limit, Limits.HEADER_BYTES)
              + " bytes of structure are not read: the file has loops or is no file of weights");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) count).order(ByteOrder.LITTLE_ENDIAN);
    file.read(position(address), bytes);
    return new Cursor(this, bytes.flip(), address, what);
  }

  /** Counts a text that is kept. */
  void keep(String text) {
    chars += text.length();
    if (chars > Limits.TEXT_CHARS) {
      throw new MalformedWeightsException(
          where() + "names and attributes of more than " + Limits.TEXT_CHARS + " characters");
    }
  }

  /** Fails where a block is not inside the file. */
  void require(long address, long count, String what) {
    if (address == UNDEFINED) {
      throw new MalformedWeightsException(where() + "there is no " + what);
    }
    if (address < 0 || count < 0 || address > span() || count > span() - address) {
      throw new MalformedWeightsException(
          where()
              + what
              + " of "
              + count
              + " bytes at byte "
              + Long.toUnsignedString(position(address))
              + " is not inside the file of "
              + file.length()
              + " bytes");
    }
  }

  MalformedWeightsException malformed(long address, String message) {
    return new MalformedWeightsException(where() + "byte " + position(address) + ": " + message);
  }
}
