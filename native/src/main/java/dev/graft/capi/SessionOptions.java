package dev.graft.capi;

import java.util.Objects;

/**
 * How a session runs. Immutable; 0 threads lets TensorFlow decide.
 *
 * @param intraOpThreads threads inside one operation. TensorFlow has one pool of them for all
 *     sessions of the process: the first session decides
 * @param interOpThreads operations that run side by side, in a pool of the session's own; 0 for the
 *     pool of the process; -1 runs them in the caller's thread
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
  /** Checks the values. */
  public SessionOptions {
    if (intraOpThreads < 0) {
      throw new IllegalArgumentException("intraOpThreads is " + intraOpThreads + ", below 0");
    }
    if (interOpThreads < -1) {
      throw new IllegalArgumentException("interOpThreads is " + interOpThreads + ", below -1");
    }
    Objects.requireNonNull(target, "target");
  }

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
