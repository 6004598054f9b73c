package dev.graft.capi;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.tensorflow.internal.c_api.TF_Status;

/** The one way in for a {@code TF_Status}. */
final class Status implements AutoCloseable {
  private static final TensorFlowException.Code[] CODES = TensorFlowException.Code.values();

  private final TF_Status pointer = TF_NewStatus();

  /** The status to pass to a native function; every function that takes one sets it. */
  TF_Status pointer() {
    return pointer;
  }

  boolean isOk() {
    return TF_GetCode(pointer) == 0;
  }

  /** Throws if the last call failed, its message after what was being done. */
  void check(Supplier<String> doing) {
    if (!isOk()) {
      throw failure(doing.get());
    }
  }

  /** The failure of the last call. */
  TensorFlowException failure(String doing) {
    int code = TF_GetCode(pointer);
    TensorFlowException.Code known =
        code >= 0 && code < CODES.length ? CODES[code] : TensorFlowException.Code.UNKNOWN;
    return new TensorFlowException(
        known, doing + ": " + TF_Message(pointer).getString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    TF_DeleteStatus(pointer);
  }
}
