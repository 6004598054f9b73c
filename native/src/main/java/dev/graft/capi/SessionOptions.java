package dev.graft.capi;

/**
 * How a session runs. Immutable; 0 threads lets TensorFlow decide.
 *
 * @param intraOpThreads threads inside one operation
 * @param interOpThreads operations that run side by side; -1 runs them in the caller's thread
 * @param growGpuMemory allocate GPU memory as needed instead of all at the start
 * @param deviceCpuOnly hide the GPUs
 * @param optimizeGraph whether Grappler may rewrite the graph
 * @param target {@code grpc://host:port} of a server, or empty for this process
 */
public record SessionOptions(
    int intraOpThreads,
    int interOpThreads,
    boolean growGpuMemory,
    boolean deviceCpuOnly,
    boolean optimizeGraph,
    String target) {
  /** TensorFlow's defaults, with GPU memory allocated as needed. */
  public static final SessionOptions DEFAULT = new SessionOptions(0, 0, true, false, true, "");

  public SessionOptions withIntraOpThreads(int threads) {
    return new SessionOptions(
        threads, interOpThreads, growGpuMemory, deviceCpuOnly, optimizeGraph, target);
  }

  public SessionOptions withInterOpThreads(int threads) {
    return new SessionOptions(
        intraOpThreads, threads, growGpuMemory, deviceCpuOnly, optimizeGraph, target);
  }

  public SessionOptions withDeviceCpuOnly(boolean cpuOnly) {
    return new SessionOptions(
        intraOpThreads, interOpThreads, growGpuMemory, cpuOnly, optimizeGraph, target);
  }

  public SessionOptions withOptimizeGraph(boolean optimize) {
    return new SessionOptions(
        intraOpThreads, interOpThreads, growGpuMemory, deviceCpuOnly, optimize, target);
  }

  public SessionOptions withTarget(String newTarget) {
    return new SessionOptions(
        intraOpThreads, interOpThreads, growGpuMemory, deviceCpuOnly, optimizeGraph, newTarget);
  }
}
