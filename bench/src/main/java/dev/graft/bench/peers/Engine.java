package dev.graft.bench.peers;

import dev.graft.capi.Output;
import dev.graft.capi.SessionOptions;
import dev.graft.graph.Backbone;
import dev.graft.graph.Model;
import dev.graft.graph.Network;
import dev.graft.graph.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The operations that TensorFlow runs Graft's networks with. */
enum Engine {
  /** Graft's own. */
  OWN("graft"),
  /** Those that TensorFlow brings. */
  STOCK("tensorflow");

  private final String label;

  Engine(String label) {
    this.label = label;
  }

  /** Those that can be used on this machine. */
  static List<Engine> available() {
    return Arrays.stream(values()).filter(Engine::isAvailable).toList();
  }

  boolean isAvailable() {
    return this == STOCK;
  }

  /** What results call it. */
  String label() {
    return label;
  }

  /**
   * VGG16 to its last layer.
   *
   * @param fcSame the backbone alone, with fc6 SAME; else the classifier
   * @param pixels float32 [batch, height, width, 3]
   */
  Network network(Ops ops, boolean fcSame, Output pixels, Map<String, Output> parameters) {
    return fcSame
        ? Network.buildBackbone(ops, Backbone.VGG16, pixels, parameters)
        : Network.build(ops, Model.VGG16, pixels, parameters);
  }

  /** How sessions run: TensorFlow has one pool of threads, whose size the first session decides. */
  static SessionOptions session(int threads) {
    return SessionOptions.DEFAULT.withIntraOpThreads(threads).withDeviceCpuOnly(true);
  }
}
