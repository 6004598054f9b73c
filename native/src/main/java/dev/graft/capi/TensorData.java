package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TFE_CustomDeviceTensorHandle;
import org.tensorflow.internal.c_api.TF_Tensor;

/**
 * {@code TF_TensorData} without the object that JavaCPP wraps around each pointer that it returns.
 *
 * <p>The presets' only function type that takes a pointer and returns 64 bits is borrowed for it:
 * {@code int64_t (*)(void*, int, TF_Status*)}. In the calling conventions of the 64-bit platforms
 * that TensorFlow runs on, the function finds its one argument and ignores the others, and a
 * pointer is returned where an {@code int64_t} is.
 */
final class TensorData {
  private static final Function FUNCTION = find();

  private TensorData() {}

  /** The address of the first element; 0 where an empty tensor has none. */
  static long address(TF_Tensor tensor) {
    if (FUNCTION != null) {
      return FUNCTION.call(tensor, 0, null);
    }
    Pointer data = TF_TensorData(tensor);
    return data == null ? 0 : data.address();
  }

  private static Function find() {
    Pointer symbol = Loader.addressof("TF_TensorData");
    return symbol == null ? null : new Function(symbol.address());
  }

  private static final class Function
      extends TFE_CustomDeviceTensorHandle.Dim_Pointer_int_TF_Status {
    /** What a function pointer of JavaCPP points to: the function, and no Java object. */
    private final LongPointer cell;

    Function(long function) {
      super((Pointer) null);
      cell = new LongPointer(function, 0L).retainReference();
      address = cell.address();
    }
  }
}
