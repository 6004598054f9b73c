package dev.graft.capi;

/** A call into TensorFlow failed. The native status code is kept in {@link #code()}. */
public final class TensorFlowException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The codes of {@code TF_Code}; their ordinal is the native value. */
  public enum Code {
    OK,
    CANCELLED,
    UNKNOWN,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    DATA_LOSS,
    UNAUTHENTICATED
  }

  private final Code code;

  /** An error of TensorFlow with its code and its own words. */
  public TensorFlowException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** The native status. */
  public Code code() {
    return code;
  }

  /**
   * What went wrong, on one line: the message without the graph's nodes and without hints for other
   * languages.
   */
  public String reason() {
    String line = getMessage().lines().findFirst().orElse("");
    return line.replaceAll("\\{\\{[^}]*\\}\\}", "").strip();
  }
}
