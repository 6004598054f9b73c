package dev.graft.capi;

/** Describes one operation and adds it to the graph. Single use, one thread. */
public final class OperationBuilder {
  OperationBuilder() {}

  /** Appends an input. */
  public OperationBuilder input(Output input) {
    throw new UnsupportedOperationException();
  }

  /** Appends an input that is a list. */
  public OperationBuilder inputs(Output... inputs) {
    throw new UnsupportedOperationException();
  }

  /** Makes the operation run after another one. */
  public OperationBuilder controlInput(Operation operation) {
    throw new UnsupportedOperationException();
  }

  /** The device, such as {@code /device:CPU:0}. */
  public OperationBuilder device(String device) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, String value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, byte[] value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, long value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, float value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, boolean value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, DataType value) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attr(String name, Tensor value) {
    throw new UnsupportedOperationException();
  }

  /** A shape; -1 for an unknown dimension, null for an unknown rank. */
  public OperationBuilder attrShape(String name, long[] dims) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrShapes(String name, long[]... shapes) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrTypes(String name, DataType... values) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrInts(String name, long... values) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrFloats(String name, float... values) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrBooleans(String name, boolean... values) {
    throw new UnsupportedOperationException();
  }

  public OperationBuilder attrStrings(String name, String... values) {
    throw new UnsupportedOperationException();
  }

  /** A function by name; the graph must have it ({@link Graph#addFunction}). */
  public OperationBuilder attrFunction(String name, String function) {
    throw new UnsupportedOperationException();
  }

  /** Any attribute, as a serialized {@code AttrValue} (lists of functions among them). */
  public OperationBuilder attrProto(String name, byte[] attrValue) {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds the operation to the graph. The builder is spent, also when this fails.
   *
   * @throws TensorFlowException naming the op type and the name, where TensorFlow refuses it
   */
  public Operation finish() {
    throw new UnsupportedOperationException();
  }

  /** {@link #finish()}, then the first output. */
  public Output output() {
    return finish().output();
  }
}
