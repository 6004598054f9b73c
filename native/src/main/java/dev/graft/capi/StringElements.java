package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringCopy;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringDealloc;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetDataPointer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringInit;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_TString;
import org.tensorflow.internal.c_api.TF_Tensor;

/** The elements of string tensors: an array of {@code TF_TString}. */
final class StringElements {
  /** The size of a {@code TF_TString} in bytes. */
  static final int BYTE_SIZE = 24;

  private static final int ALIGNMENT = 64;

  private StringElements() {}

  /** A tensor with copies of the strings. */
  static TF_Tensor tensor(byte[][] values, long[] shape) {
    ByteBuffer memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.length, BYTE_SIZE) + 2 * ALIGNMENT)
            .alignedSlice(ALIGNMENT);
    long address;
    try (BytePointer start = new BytePointer(memory)) {
      address = start.address();
    }
    Element element = new Element();
    for (int i = 0; i < values.length; i++) {
      TF_StringInit(element.at(address, i));
      try (BytePointer bytes = new BytePointer(values[i])) {
        TF_StringCopy(element, bytes, values[i].length);
      }
    }
    int count = values.length;
    return LentMemory.lend(
        DataType.STRING,
        shape,
        address,
        (long) count * BYTE_SIZE,
        memory,
        () -> free(address, count));
  }

  /** Copies of the strings at an address. */
  static byte[][] read(long address, int count) {
    byte[][] values = new byte[count][];
    Element element = new Element();
    for (int i = 0; i < count; i++) {
      element.at(address, i);
      values[i] = new byte[Math.toIntExact(TF_StringGetSize(element))];
      if (values[i].length > 0) {
        TF_StringGetDataPointer(element).get(values[i]);
      }
    }
    return values;
  }

  private static void free(long address, int count) {
    Element element = new Element();
    for (int i = 0; i < count; i++) {
      TF_StringDealloc(element.at(address, i));
    }
  }

  private static final class Element extends TF_TString {
    Element() {
      super((Pointer) null);
    }

    Element at(long first, int index) {
      address = first + (long) index * BYTE_SIZE;
      return this;
    }
  }
}
