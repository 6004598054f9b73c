package dev.graft.weights.pickle;

import dev.graft.weights.npy.NumpyType;
import java.util.Optional;

/** A numpy dtype: a code such as {@code f4}, and the byte order that its state brings later. */
final class PyDtype {
  private final String code;
  private char order = '=';
  private boolean structured;

  PyDtype(String code) {
    this.code = code;
  }

  void build(char newOrder, boolean hasFields) {
    this.order = newOrder;
    this.structured = hasFields;
  }

  /** The numeric type; empty where it is another. */
  Optional<NumpyType> numeric() {
    return structured ? Optional.empty() : NumpyType.of(order, code);
  }

  boolean isObject() {
    return !structured && code.startsWith("O");
  }

  @Override
  public String toString() {
    return structured ? "structured (" + code + ")" : order + code;
  }
}
