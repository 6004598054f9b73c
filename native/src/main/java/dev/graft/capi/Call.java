package dev.graft.capi;

/**
 * A prepared {@code TF_SessionRun}: feeds, fetches and targets resolved once, run many times
 * without an allocation on the Java heap. One thread at a time; several calls of one session may
 * run side by side.
 */
public final class Call implements AutoCloseable {
  Call() {}

  /** Describes a call. */
  public static final class Builder {
    Builder() {}

    public Builder feed(Output output) {
      throw new UnsupportedOperationException();
    }

    public Builder fetch(Output output) {
      throw new UnsupportedOperationException();
    }

    public Builder target(Operation operation) {
      throw new UnsupportedOperationException();
    }

    public Call build() {
      throw new UnsupportedOperationException();
    }
  }

  /** Sets the tensor of a feed, in the order of the builder; it stays set until replaced. */
  public Call feed(int index, Tensor tensor) {
    throw new UnsupportedOperationException();
  }

  /** Runs. The results of the run before are released. */
  public void run() {
    throw new UnsupportedOperationException();
  }

  /**
   * The result of a fetch, in the order of the builder. Owned by this call: the same object each
   * time, its content valid until the next run or close.
   */
  public Tensor result(int index) {
    throw new UnsupportedOperationException();
  }

  /** Gives a result away: it survives the next run, and the caller closes it. */
  public Tensor takeResult(int index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
