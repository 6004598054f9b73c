package dev.graft.weights;

/** A weight file wants something loaded or called that is not plain data. */
public final class UnsafeWeightsException extends WeightsException {
  private static final long serialVersionUID = 1;

  public UnsafeWeightsException(String message) {
    super(message);
  }
}
