package dev.graft.cli;

import dev.graft.capi.Call;
import dev.graft.capi.DataType;
import dev.graft.capi.Graph;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.capi.TensorFlowException;
import dev.graft.cli.Failures.Failed;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads image files (PNG, JPEG, BMP, the first picture of a GIF) as TensorFlow does. For one thread
 * at a time.
 */
final class ImageDecoder implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Call call;

  ImageDecoder() {
    Output path =
        graph
            .op("Placeholder", "path")
            .attr("dtype", DataType.STRING)
            .attrShape("shape", new long[0])
            .output();
    Output bytes = graph.op("ReadFile", "bytes").input(path).output();
    Output image =
        graph
            .op("DecodeImage", "image")
            .input(bytes)
            .attr("channels", 3)
            .attr("dtype", DataType.UINT8)
            .attr("expand_animations", false)
            .output();
    session = new Session(graph);
    call = session.call().feed(path).fetch(image).build();
  }

  /**
   * The pixels of a file.
   *
   * @return uint8 RGB [height, width, 3]; valid until the next call
   * @throws Failed where the file cannot be read or is no image; the message leaves its name out
   */
  Tensor decode(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new Failed(Files.exists(file) ? "is no file" : "no such file");
    }
    if (!Files.isReadable(file)) {
      throw new Failed("permission denied");
    }
    try (Tensor path = Tensor.of(file.toString())) {
      call.feed(0, path).run();
      return call.result(0);
    } catch (TensorFlowException e) {
      throw new Failed("cannot be decoded: " + e.reason(), e);
    }
  }

  @Override
  public void close() {
    call.close();
    session.close();
    graph.close();
  }
}
