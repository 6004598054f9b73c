package dev.graft.capi;

/** One output of an operation. */
public record Output(Operation operation, int index) {
  /** The element type. */
  public DataType dataType() {
    throw new UnsupportedOperationException();
  }

  /** The static shape; -1 for a dimension that is not known; null where the rank is not known. */
  public long[] shape() {
    throw new UnsupportedOperationException();
  }

  /** {@code name:index}, as TensorFlow writes it. */
  public String name() {
    return operation.name() + ":" + index;
  }
}
