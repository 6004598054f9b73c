package dev.graft.capi;

/** A node of a {@link Graph}, valid as long as its graph is open. */
public final class Operation {
  Operation() {}

  /** The graph that it is part of. */
  public Graph graph() {
    throw new UnsupportedOperationException();
  }

  /** The unique name in its graph. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  /** The op type, such as {@code Conv2D}. */
  public String type() {
    throw new UnsupportedOperationException();
  }

  /** How many outputs it has. */
  public int outputCount() {
    throw new UnsupportedOperationException();
  }

  /** Its output with this index. */
  public Output output(int index) {
    throw new UnsupportedOperationException();
  }

  /** Its first output. */
  public Output output() {
    return output(0);
  }
}
