package dev.graft.train;

import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Operation;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.SessionOptions;
import dev.graft.capi.Tensor;
import dev.graft.graph.Ops;
import java.nio.file.Path;

/** TensorBoard event files, written by TensorFlow's own summary ops. One thread. */
final class EventWriter implements AutoCloseable {
  private static final int MAX_QUEUE = 100;
  private static final int FLUSH_MILLIS = 10_000;

  private final Graph graph = new Graph();
  private final Session session;
  private final Output step;
  private final Output tag;
  private final Output scalar;
  private final Output floats;
  private final Operation writeScalar;
  private final Operation writeHistogram;
  private final Operation flush;
  private final Operation closeWriter;

  EventWriter(Path folder) {
    Ops ops = new Ops(graph);
    Output writer =
        ops.op("SummaryWriter", "writer").attr("shared_name", "").attr("container", "").output();
    step = ops.placeholder("step", DataType.INT64);
    tag = ops.placeholder("tag", DataType.STRING);
    scalar = ops.placeholder("scalar", DataType.FLOAT);
    floats = ops.placeholder("floats", DataType.FLOAT, -1);
    Operation create =
        ops.op("CreateSummaryFileWriter", "create")
            .input(writer)
            .input(ops.constant("folder", Tensor.of(folder.toString())))
            .input(ops.constant("max_queue", MAX_QUEUE))
            .input(ops.constant("flush_millis", FLUSH_MILLIS))
            .input(ops.constant("suffix", Tensor.of(".graft")))
            .finish();
    writeScalar =
        ops.op("WriteScalarSummary", "write_scalar")
            .input(writer)
            .input(step)
            .input(tag)
            .input(scalar)
            .finish();
    writeHistogram =
        ops.op("WriteHistogramSummary", "write_histogram")
            .input(writer)
            .input(step)
            .input(tag)
            .input(floats)
            .finish();
    flush = ops.op("FlushSummaryWriter", "flush").input(writer).finish();
    closeWriter = ops.op("CloseSummaryWriter", "close").input(writer).finish();
    session = new Session(graph, SessionOptions.DEFAULT.withInterOpThreads(-1));
    session.runner().target(create).run();
  }

  void scalar(long stepNumber, String name, double value) {
    try (Tensor tensor = Tensor.of((float) value)) {
      write(stepNumber, name, scalar, tensor, writeScalar);
    }
  }

  void histogram(long stepNumber, String name, float[] values) {
    try (Tensor tensor = Tensor.of(values)) {
      write(stepNumber, name, floats, tensor, writeHistogram);
    }
  }

  private void write(long stepNumber, String name, Output input, Tensor value, Operation op) {
    try (Tensor stepTensor = Tensor.of(stepNumber);
        Tensor tagTensor = Tensor.of(name)) {
      session
          .runner()
          .feed(step, stepTensor)
          .feed(tag, tagTensor)
          .feed(input, value)
          .target(op)
          .run();
    }
  }

  void flush() {
    session.runner().target(flush).run();
  }

  @Override
  public void close() {
    try {
      session.runner().target(closeWriter).run();
    } finally {
      session.close();
      graph.close();
    }
  }
}
