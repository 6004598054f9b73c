package dev.graft.weights;

/** Weights could not be read or written; the message names the file, the place and the reason. */
public class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
