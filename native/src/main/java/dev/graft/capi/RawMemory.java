package dev.graft.capi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A pointer to any address; frees nothing. */
final class RawMemory extends BytePointer {
  RawMemory(long address) {
    super((Pointer) null);
    this.address = address;
  }

  /** The memory from here on in native byte order. */
  ByteBuffer asBuffer(int length) {
    if (length == 0) {
      // The address of an empty tensor may be null.
      return ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    }
    return capacity(length).asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
