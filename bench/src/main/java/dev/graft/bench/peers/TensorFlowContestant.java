package dev.graft.bench.peers;

import dev.graft.bench.Networks;
import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Network;
import dev.graft.graph.Ops;
import dev.graft.graph.Parameters;

/**
 * A stretch of Graft's VGG16 in a TensorFlow session, all weights frozen: the end point below it is
 * fed, its last one is fetched, and nothing else is run.
 */
final class TensorFlowContestant implements Contestant {
  private final String name;
  private final Graph graph = new Graph();
  private final Session session;
  private final Tensor input;
  private final Call call;

  TensorFlowContestant(Engine engine, Stretch stretch, int threads) {
    name = engine.label();
    Ops ops = new Ops(graph);
    Output pixels = ops.placeholder("pixels", DataType.FLOAT, -1, -1, -1, 3);
    Network network;
    try (ModelWeights weights = Networks.weights(Model.VGG16, stretch.size())) {
      Parameters parameters =
          Parameters.create(
              ops, weights.shapes(), weights.constants(weights.shapes().keySet(), bytes -> {}));
      network = engine.network(ops, stretch.fcSame(), pixels, parameters.values());
    }
    session = new Session(graph, Engine.session(threads));
    input = Tensor.of(stretch.input(), stretch.inputShape());
    call =
        session
            .call()
            .feed(stretch.fromPixels() ? pixels : network.endPoint(stretch.fed()))
            .fetch(network.endPoint(stretch.fetched()))
            .build()
            .feed(0, input);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    call.run();
  }

  @Override
  public float[] result() {
    return call.result(0).toFloats();
  }

  @Override
  public void close() {
    call.close();
    input.close();
    session.close();
    graph.close();
  }
}
