package dev.graft.bench.peers;

import dev.graft.bench.Networks;
import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.graph.Backbone;
import dev.graft.graph.Constant;
import dev.graft.graph.Kernels;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.Network;
import dev.graft.graph.Ops;
import dev.graft.graph.Parameters;
import java.util.Map;

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
    Kernels kernels = engine.kernels().in(Engine.session(threads));
    Ops ops = new Ops(graph, kernels);
    Output pixels = ops.placeholder("pixels", DataType.FLOAT, -1, -1, -1, 3);
    Network network;
    try (ModelWeights weights = Networks.weights(Model.VGG16, stretch.size())) {
      Map<String, Constant> constants =
          weights.constants(weights.shapes().keySet(), kernels, bytes -> {});
      Parameters parameters = Parameters.create(ops, weights.shapes(), constants);
      network =
          stretch.fcSame()
              ? Network.buildBackbone(ops, Backbone.VGG16, pixels, parameters.values())
              : Network.build(ops, Model.VGG16, pixels, parameters.values());
    }
    session = new Session(graph, kernels.forPrediction());
    input = Tensor.of(stretch.input(), stretch.inputShape());
    call =
        session
            .call()
            .feed(stretch.fromPixels() ? pixels : source(network.endPoint(stretch.fed())))
            .fetch(network.endPoint(stretch.fetched()))
            .build()
            .feed(0, input);
  }

  /** What the next layer takes: of Graft's own operations not the Identity behind them. */
  private static Output source(Output endPoint) {
    Operation operation = endPoint.operation();
    return operation.type().equals("Identity") ? operation.inputs().get(0) : endPoint;
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
