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

/** One image through VGG16-FCN-8s: uint8 RGB [512, 512, 3] to class ids [512, 512], 21 classes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 2, time = 10)
@Measurement(iterations = 5, time = 10)
public class Fcn8sPrediction {
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
            Model.FCN8S, NetSize.of(size), Networks.kernels(kernels), Device.of(device).options());
  }

  /** A thread's image and answer. */
  @State(Scope.Thread)
  public static class Buffers {
    private int pixels;
    private byte[] rgb;
    private byte[] ids;

    @Setup
    public void allocate(Fcn8sPrediction benchmark) {
      pixels = NetSize.of(benchmark.size).pixels(512);
      rgb = Networks.noise(pixels * pixels * 3, 256);
      ids = new byte[pixels * pixels];
    }
  }

  @Benchmark
  public byte[] classIds(Buffers buffers) {
    predictor.classIds(buffers.rgb, buffers.pixels, buffers.pixels, buffers.ids);
    return buffers.ids;
  }

  @TearDown
  public void close() {
    predictor.close();
  }
}
