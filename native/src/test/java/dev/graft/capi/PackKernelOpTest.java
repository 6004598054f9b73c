package dev.graft.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What GraftPackKernel remembers, and many threads at once. */
class PackKernelOpTest {
  private final float[] first = Kernels.randomFloats(new Random(7), 3, 3, 5, 6);
  private final float[] second = Kernels.randomFloats(new Random(8), 3, 3, 5, 6);

  @BeforeAll
  static void operations() {
    Kernels.assumeAvailable();
  }

  private static Tensor kernel(float[] values) {
    return Tensor.of(values, 3, 3, 5, 6);
  }

  @Test
  void anUnchangedKernelIsPackedOnce() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor one = kernel(first);
        Tensor equal = kernel(first);
        Tensor other = kernel(second)) {
      Output kernel = Ops.placeholder(graph, "kernel", DataType.FLOAT);
      Output packed = graph.op("GraftPackKernel", "packed").input(kernel).output();
      Output copy = Ops.unary(graph, "Identity", "copy", packed);
      try (Tensor a = session.runner().feed(kernel, one).fetch(packed).runOne();
          Tensor b = session.runner().feed(kernel, equal).fetch(packed).runOne();
          Tensor fetchedOtherwise = session.runner().feed(kernel, equal).fetch(copy).runOne();
          Tensor c = session.runner().feed(kernel, other).fetch(packed).runOne();
          Tensor d = session.runner().feed(kernel, one).fetch(packed).runOne()) {
        assertThat(b.address()).isEqualTo(a.address());
        assertThat(fetchedOtherwise.address()).isEqualTo(a.address());
        assertThat(c.address()).isNotEqualTo(a.address());
        assertThat(c.toFloats()).isNotEqualTo(a.toFloats());
        assertThat(d.toFloats()).isEqualTo(a.toFloats());
      }
    }
  }

  @Test
  void theMemoryOfAKernelThatNobodyHoldsIsUsedAgain() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor one = kernel(first);
        Tensor other = kernel(second)) {
      Output kernel = Ops.placeholder(graph, "kernel", DataType.FLOAT);
      Output packed = graph.op("GraftPackKernel", "packed").input(kernel).output();
      long address;
      float[] values;
      try (Tensor a = session.runner().feed(kernel, one).fetch(packed).runOne()) {
        address = a.address();
        values = a.toFloats();
      }
      try (Tensor b = session.runner().feed(kernel, other).fetch(packed).runOne()) {
        assertThat(b.address()).isEqualTo(address);
        assertThat(b.toFloats()).isNotEqualTo(values);
      }
    }
  }

  @Test
  void aKernelOfAnotherShapeIsAnotherKernel() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor one = kernel(first);
        Tensor turned = Tensor.of(first, 3, 3, 6, 5);
        Tensor small = Tensor.of(new float[9], 3, 3, 1, 1)) {
      Output kernel = Ops.placeholder(graph, "kernel", DataType.FLOAT);
      Output packed = graph.op("GraftPackKernel", "packed").input(kernel).output();
      try (Tensor a = session.runner().feed(kernel, one).fetch(packed).runOne();
          Tensor b = session.runner().feed(kernel, turned).fetch(packed).runOne();
          Tensor c = session.runner().feed(kernel, small).fetch(packed).runOne();
          Tensor d = session.runner().feed(kernel, one).fetch(packed).runOne()) {
        assertThat(b.toFloats()).isNotEqualTo(a.toFloats());
        assertThat(c.elementCount()).isLessThan(a.elementCount());
        assertThat(d.toFloats()).isEqualTo(a.toFloats());
      }
    }
  }

  @Test
  void aFailureIsNotRemembered() {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor one = kernel(first);
        Tensor bad = Tensor.of(new float[5 * 5], 5, 5, 1, 1)) {
      Output kernel = Ops.placeholder(graph, "kernel", DataType.FLOAT);
      Output packed = graph.op("GraftPackKernel", "packed").input(kernel).output();
      try (Tensor a = session.runner().feed(kernel, one).fetch(packed).runOne()) {
        assertThatThrownBy(() -> session.runner().feed(kernel, bad).fetch(packed).runOne())
            .isInstanceOf(TensorFlowException.class);
        try (Tensor b = session.runner().feed(kernel, one).fetch(packed).runOne()) {
          assertThat(b.toFloats()).isEqualTo(a.toFloats());
        }
      }
    }
  }

  @Test
  void manyThreadsWithTwoKernelsGetTheirOwn() throws InterruptedException, ExecutionException {
    try (Kernels kernels = new Kernels(9);
        Tensor one = kernel(first);
        Tensor other = kernel(second)) {
      Graph graph = kernels.graph();
      Output input = kernels.random(2, 9, 11, 5);
      Output kernel = Ops.placeholder(graph, "kernel", DataType.FLOAT);
      Output packed = kernels.pack(kernel, false);
      Output own = kernels.conv3x3(input, packed, kernels.none(), 6, true);
      Output stock = kernels.stock(input, kernel, null, "SAME", true);
      try (Session session = kernels.session();
          Session another = kernels.session()) {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<Double>> distances = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          Session used = i % 3 == 0 ? another : session;
          Tensor value = i % 2 == 0 ? one : other;
          distances.add(pool.submit(() -> distance(kernels, used, kernel, value, own, stock)));
        }
        for (Future<Double> distance : distances) {
          assertThat(distance.get()).isLessThanOrEqualTo(Kernels.TOLERANCE);
        }
        pool.shutdown();
      }
    }
  }

  private static double distance(
      Kernels kernels, Session session, Output kernel, Tensor value, Output own, Output stock) {
    List<Tensor> results = kernels.run(session, kernel, value, own, stock);
    double distance = Kernels.distance(results.get(0).toFloats(), results.get(1).toFloats());
    results.forEach(Tensor::close);
    return distance;
  }
}
