package dev.graft.capi;

import java.util.List;

/**
 * A {@code TF_Session} on a graph. Any number of threads may run it at once; {@link #close()} waits
 * for the running calls.
 */
public final class Session implements AutoCloseable {
  public Session(Graph graph) {
    this(graph, SessionOptions.DEFAULT);
  }

  public Session(Graph graph, SessionOptions options) {}

  /** A device that TensorFlow sees; memory in bytes. */
  public record Device(String name, String type, long memoryBytes) {}

  public List<Device> devices() {
    throw new UnsupportedOperationException();
  }

  /** Starts the description of a prepared call. */
  public Call.Builder call() {
    throw new UnsupportedOperationException();
  }

  /** Runs once: for set-up and tests. The caller closes the tensors that it gets. */
  public Runner runner() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  /** One run described step by step. */
  public static final class Runner {
    Runner() {}

    public Runner feed(Output output, Tensor tensor) {
      throw new UnsupportedOperationException();
    }

    public Runner fetch(Output output) {
      throw new UnsupportedOperationException();
    }

    public Runner target(Operation operation) {
      throw new UnsupportedOperationException();
    }

    /** The fetched tensors in the order of the fetches. */
    public List<Tensor> run() {
      throw new UnsupportedOperationException();
    }

    /** Runs with exactly one fetch. */
    public Tensor runOne() {
      throw new UnsupportedOperationException();
    }
  }
}
