package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A storage as the forms without a zip archive have it: its length, then its elements. */
final class StorageBlock {
  private StorageBlock() {}

  /** The elements of the storage that begins at an offset of the file, all of them in the file. */
  static StorageRun at(MappedFile file, long offset, StorageType type, String what) {
    long start = offset + Long.BYTES;
    if (start > file.length()) {
      throw truncated(file, what, "its length at byte " + offset);
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(offset, length);
    long count = length.getLong(0);
    int size = type.dtype().byteSize();
    if (count < 0 || count > (file.length() - start) / size) {
      throw truncated(
          file, what, Long.toUnsignedString(count) + " elements of " + size + " bytes at " + start);
    }
    return new StorageRun(file, start, count * size, false);
  }

  private static MalformedWeightsException truncated(MappedFile file, String what, String needs) {
    return new MalformedWeightsException(
        file.source()
            + ": truncated: ends at byte "
            + file.length()
            + ", but "
            + what
            + " needs "
            + needs);
  }
}
