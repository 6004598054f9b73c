package dev.graft.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * From a dictionary npy of VGG16, 528 MiB in the page cache, to another container on the disk: what
 * is written has been forced there. Side by side with {@code cp}, alone and followed by {@code
 * sync}, which is what makes its copy as durable.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx64m")
@Warmup(iterations = 2)
@Measurement(iterations = 9)
public class ContainerConvert {
  /** A container's name, or {@code cp} or {@code cp+sync}. */
  @Param({
    "cp",
    "cp+sync",
    "npy",
    "npz",
    "npy-folder",
    "safetensors",
    "torch",
    "keras-h5",
    "tensorflow"
  })
  public String to;

  @Param("full")
  public String size;

  private Path source;
  private Path folder;
  private Path destination;

  @Setup
  public void prepare() throws IOException {
    source = SyntheticWeights.classifierFile(NetSize.of(size));
    folder = Files.createTempDirectory(source.getParent(), "convert");
    destination =
        to.startsWith("cp")
            ? folder.resolve("copy")
            : ContainerFiles.beside(folder.resolve("converted"), to);
  }

  /** Writes the file that is not there. */
  @Benchmark
  public Path convert() throws IOException, InterruptedException {
    switch (to) {
      case "cp" -> run("cp", source.toString(), destination.toString());
      case "cp+sync" -> {
        run("cp", source.toString(), destination.toString());
        run("sync", destination.toString());
      }
      default -> ContainerFiles.write(source, to, destination);
    }
    return destination;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(List.of(command) + " ended with " + code);
    }
  }

  /** Removes what the last run wrote. */
  @TearDown(Level.Invocation)
  public void clean() throws IOException {
    List<Path> written;
    try (Stream<Path> paths = Files.walk(folder)) {
      written = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : written) {
      if (!path.equals(folder)) {
        Files.delete(path);
      }
    }
  }

  @TearDown
  public void remove() throws IOException {
    Files.delete(folder);
  }
}
