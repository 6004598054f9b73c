package dev.graft.weights.hdf5;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * The first structure of a file.
 *
 * @param metadata the file's structures, with the sizes that it gives
 * @param root the address of the root group's header
 */
record Superblock(Metadata metadata, long root) {
  static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private static final int LONGEST = 120;
  private static final int FIRST_USER_BLOCK = 512;

  /** Where the signature stands: at 0, or after a user block of 512, 1024, … bytes. */
  static OptionalLong find(ByteBuffer head) {
    for (int at = 0;
        at + SIGNATURE.length <= head.limit();
        at = at == 0 ? FIRST_USER_BLOCK : 2 * at) {
      if (head.slice(at, SIGNATURE.length).equals(ByteBuffer.wrap(SIGNATURE))) {
        return OptionalLong.of(at);
      }
    }
    return OptionalLong.empty();
  }

  static Superblock read(MappedFile file) {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(4096, file.length()));
    file.read(0, head);
    long base =
        find(head.flip())
            .orElseThrow(
                () -> new MalformedWeightsException(file.source() + ": has no HDF5 signature"));
    // 8 bytes for addresses until the true size is known; the first fields do not need it.
    Metadata first = new Metadata(file, base, 8, 8, LONGEST);
    Cursor sizes = first.blockUpTo(0, LONGEST, "superblock");
    sizes.skip(SIGNATURE.length);
    int version = sizes.version(0, 3);
    sizes.skip(version < 2 ? 4 : 0);
    int offsetSize = size(sizes, "addresses");
    int lengthSize = size(sizes, "lengths");
    Metadata metadata = new Metadata(file, base, offsetSize, lengthSize, Limits.METADATA_BYTES);
    Cursor rest = metadata.blockUpTo(0, LONGEST, "superblock");
    rest.skip(sizes.position());
    return version < 2 ? readOld(rest, version) : readNew(rest);
  }

  private static int size(Cursor cursor, String of) {
    int size = cursor.u8();
    if (size != 2 && size != 4 && size != 8) {
      throw cursor.malformed(of + " of " + size + " bytes, expected 2, 4 or 8");
    }
    return size;
  }

  private static Superblock readOld(Cursor rest, int version) {
    // Reserved, sizes of B-tree nodes, flags; version 1 has one more node size.
    rest.skip(version == 0 ? 9 : 13);
    rest.offset();
    rest.offset();
    checkEnd(rest, rest.offset());
    rest.offset();
    // The root's symbol table entry: the name's offset, then the header's address.
    rest.offset();
    return new Superblock(rest.metadata(), rest.offset());
  }

  private static Superblock readNew(Cursor rest) {
    rest.skip(1);
    rest.offset();
    rest.offset();
    checkEnd(rest, rest.offset());
    long root = rest.offset();
    rest.checksum();
    return new Superblock(rest.metadata(), root);
  }

  private static void checkEnd(Cursor rest, long end) {
    long length = rest.metadata().file().length();
    if (end == Metadata.UNDEFINED || end > length) {
      throw new MalformedWeightsException(
          rest.metadata().where()
              + "truncated: ends at byte "
              + length
              + ", but its superblock says byte "
              + Long.toUnsignedString(end));
    }
  }
}
