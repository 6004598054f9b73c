package dev.graft.capi;

/** A {@code TF_Function}, made by {@link Graph#toFunction}. */
public final class GraphFunction implements AutoCloseable {
  GraphFunction() {}

  /** The name by which attributes refer to it. */
  public String name() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
