package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.ConfigProto;

class SessionTest {
  @Test
  void optionsAreEncodedAsConfigProto() throws Exception {
    ConfigProto defaults = ConfigProto.parseFrom(SessionConfig.encode(SessionOptions.DEFAULT));
    assertThat(defaults.getGpuOptions().getAllowGrowth()).isTrue();
    assertThat(defaults.getIntraOpParallelismThreads()).isZero();
    assertThat(defaults.getUsePerSessionThreads()).isFalse();
    assertThat(defaults.getDeviceCountMap()).isEmpty();
    assertThat(defaults.getGraphOptions().getRewriteOptions().getDisableMetaOptimizer()).isFalse();
    SessionOptions options =
        new SessionOptions(3, 300, false, true, false, "")
            .withIntraOpThreads(4)
            .withTarget("grpc://nowhere:1");
    ConfigProto config = ConfigProto.parseFrom(SessionConfig.encode(options));
    assertThat(config.getGpuOptions().getAllowGrowth()).isFalse();
    assertThat(config.getIntraOpParallelismThreads()).isEqualTo(4);
    assertThat(config.getInterOpParallelismThreads()).isEqualTo(300);
    assertThat(config.getUsePerSessionThreads()).isTrue();
    assertThat(config.getDeviceCountMap()).containsEntry("GPU", 0).hasSize(1);
    assertThat(config.getGraphOptions().getRewriteOptions().getDisableMetaOptimizer()).isTrue();
    ConfigProto inCaller =
        ConfigProto.parseFrom(SessionConfig.encode(SessionOptions.DEFAULT.withInterOpThreads(-1)));
    assertThat(inCaller.getInterOpParallelismThreads()).isEqualTo(-1);
    assertThat(inCaller.getUnknownFields().asMap()).isEmpty();
  }

  @Test
  void badOptionsAreRefused() {
    assertThatThrownBy(() -> SessionOptions.DEFAULT.withInterOpThreads(-2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SessionOptions.DEFAULT.withIntraOpThreads(-1))
        .isInstanceOf(IllegalArgumentException.class);
    try (Graph graph = new Graph()) {
      SessionOptions bad = SessionOptions.DEFAULT.withTarget("nonsense://x");
      assertThatThrownBy(() -> new Session(graph, bad))
          .isInstanceOf(TensorFlowException.class)
          .hasMessageContaining("nonsense://x");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2})
  void runsWithAnyNumberOfThreads(int interOpThreads) {
    SessionOptions options =
        SessionOptions.DEFAULT.withInterOpThreads(interOpThreads).withOptimizeGraph(false);
    try (Graph graph = new Graph()) {
      Output sum =
          Ops.binary(
              graph, "Add", "sum", Ops.constant(graph, "a", 1f), Ops.constant(graph, "b", 2f));
      try (Session session = new Session(graph, options);
          Tensor result = session.runner().fetch(sum).runOne()) {
        assertThat(result.toFloats()).containsExactly(3f);
      }
    }
  }

  @Test
  void devicesAreListedWithTheirMemory() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      assertThat(session.devices())
          .anySatisfy(
              device -> {
                assertThat(device.type()).isEqualTo("CPU");
                assertThat(device.name()).endsWith("/device:CPU:0");
                assertThat(device.memoryBytes()).isPositive();
              });
    }
  }

  @Test
  void resourceVariablesKeepTheirValueBetweenRuns() {
    try (Graph graph = new Graph()) {
      Output variable =
          graph
              .op("VarHandleOp", "v")
              .attr("dtype", DataType.FLOAT)
              .attrShape("shape", new long[] {2})
              .attr("shared_name", "v")
              .output();
      Output value = Ops.placeholder(graph, "value", DataType.FLOAT, 2);
      Operation assign =
          graph
              .op("AssignVariableOp", "assign")
              .input(variable)
              .input(value)
              .attr("dtype", DataType.FLOAT)
              .finish();
      Output read =
          graph.op("ReadVariableOp", "read").input(variable).attr("dtype", DataType.FLOAT).output();
      assertThat(variable.dataType()).isEqualTo(DataType.RESOURCE);
      try (Session session = new Session(graph);
          Tensor tensor = Tensor.of(new float[] {1, 2})) {
        assertThatThrownBy(() -> session.runner().fetch(read).run())
            .isInstanceOfSatisfying(
                TensorFlowException.class,
                e -> assertThat(e.code()).isEqualTo(TensorFlowException.Code.FAILED_PRECONDITION));
        assertThat(session.runner().feed(value, tensor).target(assign).run()).isEmpty();
        try (Tensor result = session.runner().fetch(read).runOne()) {
          assertThat(result.toFloats()).containsExactly(1, 2);
        }
        assertThatThrownBy(() -> session.runner().runOne())
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void aGraphGrowsUnderItsSession() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      for (int i = 0; i < 3; i++) {
        Output constant = Ops.constant(graph, "c" + i, i);
        try (Tensor result = session.runner().fetch(constant).runOne()) {
          assertThat(result.toFloats()).containsExactly(i);
        }
      }
    }
  }

  @Test
  void aSessionWorksOnAfterItsGraphIsClosed() {
    Graph graph = new Graph();
    Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
    Output y = Ops.unary(graph, "Square", "y", x);
    try (Session session = new Session(graph);
        Tensor three = Tensor.of(3f);
        Call call = session.call().feed(x).fetch(y).build().feed(0, three)) {
      graph.close();
      call.run();
      assertThat(call.result(0).toFloats()).containsExactly(9f);
    }
  }

  @Test
  void aClosedSessionRefusesEverything() {
    try (Graph graph = new Graph()) {
      Output constant = Ops.constant(graph, "c", 1f);
      Session session = new Session(graph);
      Session.Runner runner = session.runner().fetch(constant);
      Call.Builder builder = session.call();
      session.close();
      session.close();
      List<Runnable> uses =
          List.of(session::call, session::runner, session::devices, runner::run, builder::build);
      for (Runnable use : uses) {
        assertThatThrownBy(use::run)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the session is closed");
      }
    }
  }

  @Test
  void eightThreadsRunWhileEverythingIsClosed() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 10; round++) {
        closeUnderEightThreads(pool);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void closeUnderEightThreads(ExecutorService pool) throws Exception {
    Graph graph = new Graph();
    Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
    Output y = Ops.unary(graph, "Square", "y", x);
    Session session = new Session(graph);
    Tensor shared = Tensor.of(new float[] {1, 2, 3});
    CountDownLatch started = new CountDownLatch(8);
    AtomicInteger runs = new AtomicInteger();
    List<Future<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Callable<Void> work =
          () -> {
            try (Call call = session.call().feed(x).fetch(y).build().feed(0, shared)) {
              started.countDown();
              while (true) {
                call.run();
                assertThat(call.result(0).toFloats()).containsExactly(1, 4, 9);
                assertThat(y.name()).isEqualTo("y:0");
                runs.incrementAndGet();
              }
            } catch (IllegalStateException e) {
              assertThat(e).hasMessageContaining("closed");
              return null;
            }
          };
      threads.add(pool.submit(work));
    }
    started.await();
    while (runs.get() < 100) {
      Thread.onSpinWait();
    }
    // In an order that is wrong on purpose.
    shared.close();
    graph.close();
    session.close();
    for (Future<Void> thread : threads) {
      thread.get();
    }
  }

  @Test
  void closeWaitsForThoseWhoUseTheSession() throws Exception {
    try (Graph graph = new Graph()) {
      Session session = new Session(graph);
      session.lifetime().begin();
      Thread closer = new Thread(session::close);
      closer.start();
      while (closer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(session::devices)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the session is closed");
      closer.interrupt();
      session.lifetime().end();
      closer.join();
      assertThat(closer.isAlive()).isFalse();
    }
  }

  @Test
  void oneCallIsNotRunByTwoThreads() throws Exception {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Output constant = Ops.constant(graph, "c", 1f);
      try (Call call = session.call().fetch(constant).build()) {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
          List<Future<Void>> threads = new ArrayList<>();
          for (int t = 0; t < 2; t++) {
            Callable<Void> work =
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    try {
                      call.run();
                    } catch (IllegalStateException e) {
                      assertThat(e).hasMessageContaining("another thread");
                    }
                  }
                  return null;
                };
            threads.add(pool.submit(work));
          }
          for (Future<Void> thread : threads) {
            thread.get();
          }
        } finally {
          pool.shutdownNow();
        }
        call.run();
        assertThat(call.result(0).toFloats()).containsExactly(1f);
      }
    }
  }

  @Test
  void twoHundredCyclesOfOpenAndCloseKeepMemoryFlat() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
    int loans = LentMemory.loans();
    for (int i = 0; i < 50; i++) {
      openRunAndClose();
    }
    long before = residentKilobytes();
    for (int i = 0; i < 200; i++) {
      openRunAndClose();
    }
    // Each cycle that kept its tensors would add 8 MB.
    assertThat(residentKilobytes() - before).isLessThan(200_000);
    assertThat(LentMemory.loans()).isEqualTo(loans);
  }

  private static void openRunAndClose() {
    try (Graph graph = new Graph()) {
      Output x = Ops.placeholder(graph, "x", DataType.FLOAT);
      Output y = Ops.unary(graph, "Square", "y", x);
      try (Session session = new Session(graph);
          Tensor tensor = Tensor.allocate(DataType.FLOAT, 1024, 1024);
          Call call = session.call().feed(x).fetch(y).build().feed(0, tensor)) {
        call.run();
        assertThat(call.result(0).dim(0)).isEqualTo(1024);
      }
    }
  }

  private static long residentKilobytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IllegalStateException("no VmRSS in /proc/self/status");
  }
}
