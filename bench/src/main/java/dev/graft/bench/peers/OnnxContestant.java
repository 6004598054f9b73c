package dev.graft.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.graph.ConstantsCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A stretch of VGG16 through ONNX Runtime, set up for its best: all its optimizations, NCHW in and
 * out, which is what it computes in, and input and output in place, without a copy.
 */
final class OnnxContestant implements Contestant {
  static final String NAME = "onnxruntime";

  private final long[] outputShape;
  private final OrtSession session;
  private final FloatBuffer output;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  OnnxContestant(Stretch stretch, int threads) {
    outputShape = stretch.outputShape();
    try {
      session = session(stretch, threads);
      OrtEnvironment environment = OnnxRuntime.environment();
      FloatBuffer input = buffer(Layout.elements(stretch.inputShape()));
      input.put(Layout.toNchw(stretch.input(), stretch.inputShape())).flip();
      output = buffer(Layout.elements(outputShape));
      long[] inputShape = Layout.nchwShape(stretch.inputShape());
      inputs = Map.of(OnnxVgg.INPUT, OnnxTensor.createTensor(environment, input, inputShape));
      OnnxTensor tensor =
          OnnxTensor.createTensor(environment, output, Layout.nchwShape(outputShape));
      outputs = Map.of(stretch.fetched(), tensor);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write an ONNX model: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** Writes the model, loads it, and removes it: the session keeps what it needs. */
  private static OrtSession session(Stretch stretch, int threads) throws IOException, OrtException {
    Path parent = Files.createDirectories(ConstantsCache.ofUser().folder().resolve("bench"));
    Path folder = Files.createTempDirectory(parent, "onnx-");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      Path model = OnnxVgg.write(stretch, folder);
      return OnnxRuntime.environment().createSession(model.toString(), options);
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static FloatBuffer buffer(long elements) {
    int bytes = Math.toIntExact(elements * Float.BYTES);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private static IllegalStateException failed(OrtException e) {
    return new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run() {
    try {
      // The output lies in its buffer.
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public float[] result() {
    float[] values = new float[output.capacity()];
    output.duplicate().rewind().get(values);
    return Layout.toNhwc(values, outputShape);
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }
}
