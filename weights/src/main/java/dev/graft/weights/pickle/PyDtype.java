package dev.graft.weights.pickle;

import dev.graft.weights.npy.NumpyType;
import java.util.List;
import java.util.Optional;

/** A numpy dtype: a code such as {@code f4}, and the byte order that its state brings later. */
final class PyDtype {
  /** Fields of a structured dtype that messages name. */
  static final int MAX_SHOWN_FIELDS = 8;

  private final String code;
  private char order = '=';
  private boolean structured;
  private List<String> fields = List.of();

  PyDtype(String code) {
    this.code = code;
  }

  void build(char newOrder, boolean isStructured, List<String> fieldNames) {
    this.order = newOrder;
    this.structured = isStructured;
    this.fields = fieldNames;
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
    if (!structured) {
      return order + code;
    }
    String named = fields.isEmpty() ? "" : " of the fields " + String.join(", ", fields);
    return "structured (" + code + ")" + named;
  }
}
