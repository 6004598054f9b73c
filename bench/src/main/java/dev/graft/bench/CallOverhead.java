package dev.graft.bench;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.graph.Ops;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a prepared call costs when the graph does nothing: one float in, through Identity, one float
 * out and read. With {@code -prof gc} it shows that nothing is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallOverhead {
  /** 0: the thread pool of the process; -1: the caller's thread. */
  @Param({"0", "-1"})
  public int interOpThreads;

  private final float[] result = new float[1];
  private Graph graph;
  private Session session;
  private Call call;
  private Tensor input;

  @Setup
  public void open() {
    graph = new Graph();
    Ops ops = new Ops(graph);
    Output in = ops.placeholder("in", DataType.FLOAT, 1);
    Output out = ops.unary("Identity", "out", in);
    session = new Session(graph, SessionOptions.DEFAULT.withInterOpThreads(interOpThreads));
    input = Tensor.of(new float[] {42});
    call = session.call().feed(in).fetch(out).build().feed(0, input);
  }

  @Benchmark
  public float identity() {
    call.run();
    call.result(0).read(0, result, 0, 1);
    return result[0];
  }

  @TearDown
  public void close() {
    call.close();
    input.close();
    session.close();
    graph.close();
  }
}
