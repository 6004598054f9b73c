package dev.graft.bench.peers;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.graph.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A session that does one operation on a float32 [1, 1, 1, 1], in the caller's thread, in a
 * prepared call. All operations leave the number as it is, the convolutions with a kernel that is 1
 * in its middle.
 */
final class OneOpContestant implements Contestant {
  private static final float NUMBER = 42;
  private static final int CALLS = 2000;
  private static final int MIDDLE = 4;

  private final String name;
  private final Graph graph = new Graph();
  private final Session session;
  private final Tensor input;
  private final Call call;

  private OneOpContestant(String name, SessionOptions options, BiFunction<Ops, Output, Output> op) {
    this.name = name;
    Ops ops = new Ops(graph);
    Output in = ops.placeholder("in", DataType.FLOAT, 1, 1, 1, 1);
    Output out = op.apply(ops, in);
    session = new Session(graph, options);
    input = Tensor.of(new float[] {NUMBER}, 1, 1, 1, 1);
    call = session.call().feed(in).fetch(out).build().feed(0, input);
  }

  /** Those that are wanted and can be had. */
  static List<Contestant> all(Setting setting) {
    SessionOptions options = Engine.session(setting.threads()).withInterOpThreads(-1);
    List<Supplier<Contestant>> suppliers = new ArrayList<>();
    if (setting.wants(Engine.OWN.label())) {
      suppliers.add(
          () ->
              new OneOpContestant(
                  "GraftConv3x3", options, (ops, in) -> own(ops, in, setting.threads(), options)));
    }
    if (setting.wants(Engine.STOCK.label())) {
      suppliers.add(
          () ->
              new OneOpContestant(
                  "Conv2D", options, (ops, in) -> ops.conv2d("conv", in, kernel(ops), "SAME")));
      suppliers.add(
          () ->
              new OneOpContestant(
                  "Identity", options, (ops, in) -> ops.unary("Identity", "same", in)));
    }
    return Contestants.open(suppliers);
  }

  private static Output kernel(Ops ops) {
    float[] values = new float[9];
    values[MIDDLE] = 1;
    return ops.constant("kernel", Tensor.of(values, 3, 3, 1, 1));
  }

  private static Output own(Ops ops, Output in, int threads, SessionOptions options) {
    return ops.op("GraftConv3x3", "conv")
        .input(in)
        .input(ops.constant("packed", packed(options)))
        .input(ops.constant("bias", Tensor.of(new float[1])))
        .attr("channels", 1)
        .attr("threads", threads)
        .output();
  }

  /** The kernel in the form that own convolutions take; the caller closes it. */
  private static Tensor packed(SessionOptions options) {
    try (Graph graph = new Graph()) {
      Ops ops = new Ops(graph);
      Output packed = ops.op("GraftPackKernel", "packed").input(kernel(ops)).output();
      try (Session session = new Session(graph, options)) {
        return session.runner().fetch(packed).runOne();
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void run() {
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
  }

  @Override
  public int repetitions() {
    return CALLS;
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
