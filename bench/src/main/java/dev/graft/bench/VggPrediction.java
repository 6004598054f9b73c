package dev.graft.bench;

import dev.graft.graph.Model;
import dev.graft.graph.Predictor;
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

/** One image through the VGG16 classifier: uint8 RGB [224, 224, 3] to 1000 probabilities. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class VggPrediction {
  private static final int PIXELS = 224;

  @Param({"cpu", "gpu"})
  public String device;

  @Param("full")
  public String size;

  /** Graft's own operations where they can be used, or TensorFlow's. */
  @Param({"own", "stock"})
  public String kernels;

  private Predictor predictor;

  @Setup
  public void open() {
    predictor =
        Networks.predictor(
            Model.VGG16, NetSize.of(size), Networks.kernels(kernels), Device.of(device).options());
  }

  /** A thread's image and answer. */
  @State(Scope.Thread)
  public static class Buffers {
    private final byte[] rgb = Networks.noise(PIXELS * PIXELS * 3, 256);
    private float[] probabilities;

    @Setup
    public void allocate(VggPrediction benchmark) {
      probabilities = new float[benchmark.predictor.classes()];
    }
  }

  @Benchmark
  public float[] probabilities(Buffers buffers) {
    predictor.probabilities(buffers.rgb, PIXELS, PIXELS, buffers.probabilities);
    return buffers.probabilities;
  }

  @TearDown
  public void close() {
    predictor.close();
  }
}
