package dev.graft.weights.hdf5;

import dev.graft.weights.DType;

/**
 * What an element is.
 *
 * @param size bytes of one element
 * @param dtype of numbers; null else
 * @param label what messages and {@code inspect} call it
 */
record Datatype(Kind kind, long size, DType dtype, boolean bigEndian, String label) {
  /** What is made of the elements. */
  enum Kind {
    NUMBER,
    /** Text of a fixed size, filled up with zeros. */
    STRING,
    /** Text of a fixed size, filled up with spaces. */
    SPACE_PADDED_STRING,
    /** Text in the global heap. */
    HEAP_STRING,
    OPAQUE,
    OTHER
  }

  boolean isString() {
    return kind == Kind.STRING || kind == Kind.SPACE_PADDED_STRING || kind == Kind.HEAP_STRING;
  }

  /** The same bytes taken for another dtype. */
  Datatype as(DType other) {
    return new Datatype(Kind.NUMBER, size, other, bigEndian, other.toString());
  }

  static Datatype number(DType dtype, boolean bigEndian) {
    return new Datatype(Kind.NUMBER, dtype.byteSize(), dtype, bigEndian, dtype.toString());
  }

  static Datatype other(long size, String label) {
    return new Datatype(Kind.OTHER, size, null, false, label);
  }
}
