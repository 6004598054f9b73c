package dev.graft.bench.peers;

import dev.graft.capi.SessionOptions;
import dev.graft.graph.Kernels;
import java.util.Arrays;
import java.util.List;

/** The operations that Graft's networks are built with. */
enum Engine {
  /** Graft's own. */
  OWN("graft", Kernels.AUTO),
  /** Those that TensorFlow brings. */
  STOCK("tensorflow", Kernels.STOCK);

  private final String label;
  private final Kernels kernels;

  Engine(String label, Kernels kernels) {
    this.label = label;
    this.kernels = kernels;
  }

  /** Those that can be used on this machine. */
  static List<Engine> available() {
    return Arrays.stream(values()).filter(Engine::isAvailable).toList();
  }

  /** How sessions run. */
  static SessionOptions session(int threads) {
    return SessionOptions.DEFAULT.withIntraOpThreads(threads).withDeviceCpuOnly(true);
  }

  boolean isAvailable() {
    return this == STOCK || anywhere().areOwn();
  }

  /** What is in use and why, on one line. */
  String description() {
    return anywhere().description();
  }

  private Kernels anywhere() {
    return kernels.in(SessionOptions.DEFAULT.withDeviceCpuOnly(true));
  }

  /** What results call it. */
  String label() {
    return label;
  }

  Kernels kernels() {
    return kernels;
  }
}
