package dev.graft.bench.peers;

import ai.onnxruntime.OrtEnvironment;

/** The library ONNX Runtime, loaded when first used. */
final class OnnxRuntime {
  /**
   * Its builds for Linux and macOS report their use to their maker, from a thread of their own that
   * would be measured too, and search the command line with a recursion that overflows the stack
   * where the class path is long. Only the environment of the process turns that off altogether.
   */
  private static final String SWITCH = "ORT_DISABLE_TELEMETRY";

  private OnnxRuntime() {}

  /** Whether it may be loaded. */
  static boolean isAvailable() {
    return "1".equals(System.getenv(SWITCH));
  }

  /**
   * The library.
   *
   * @throws IllegalStateException where it may not be loaded
   */
  static OrtEnvironment environment() {
    if (!isAvailable()) {
      throw new IllegalStateException(
          "ONNX Runtime is only used with " + SWITCH + "=1 in the environment");
    }
    return OrtEnvironment.getEnvironment();
  }
}
