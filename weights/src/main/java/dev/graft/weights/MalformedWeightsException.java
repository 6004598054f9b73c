package dev.graft.weights;

/** A weight file breaks the rules of its format. */
public final class MalformedWeightsException extends WeightsException {
  private static final long serialVersionUID = 1;

  public MalformedWeightsException(String message) {
    super(message);
  }
}
