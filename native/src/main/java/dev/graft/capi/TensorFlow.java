package dev.graft.capi;

/** The library itself. */
public final class TensorFlow {
  private TensorFlow() {}

  /** The version of the loaded library, such as {@code 2.18.0}. */
  public static String version() {
    throw new UnsupportedOperationException();
  }
}
