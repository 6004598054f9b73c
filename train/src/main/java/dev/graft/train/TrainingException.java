package dev.graft.train;

/** A run cannot start or go on; the message says why and what is left of it. */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TrainingException(String message) {
    super(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
