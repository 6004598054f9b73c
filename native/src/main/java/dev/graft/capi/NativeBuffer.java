package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBufferFromString;

import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Buffer;

/** A {@code TF_Buffer}: a serialized message on its way in or out. */
final class NativeBuffer implements AutoCloseable {
  private final TF_Buffer pointer;

  private NativeBuffer(TF_Buffer pointer) {
    this.pointer = pointer;
  }

  /** One for TensorFlow to fill. */
  static NativeBuffer empty() {
    return new NativeBuffer(TF_NewBuffer());
  }

  static NativeBuffer copyOf(byte[] bytes) {
    try (BytePointer source = new BytePointer(bytes)) {
      return new NativeBuffer(TF_NewBufferFromString(source, bytes.length));
    }
  }

  TF_Buffer pointer() {
    return pointer;
  }

  byte[] toBytes() {
    long length = pointer.length();
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("a message of " + length + " bytes does not fit an array");
    }
    byte[] bytes = new byte[(int) length];
    if (bytes.length > 0) {
      ArrayCopy.read(pointer.data().address(), bytes, 0, bytes.length);
    }
    return bytes;
  }

  @Override
  public void close() {
    TF_DeleteBuffer(pointer);
  }
}
