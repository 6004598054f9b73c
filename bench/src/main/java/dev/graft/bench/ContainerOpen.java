package dev.graft.bench;

import dev.graft.mapping.MappingReport;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.Set;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a file of VGG16, 528 MiB in the page cache, to a store whose names, dtypes and shapes are
 * checked against a table; no value is read.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ContainerOpen {
  @Param({"npy", "npz", "npy-folder", "safetensors", "torch", "keras-h5", "tensorflow"})
  public String container;

  @Param("full")
  public String size;

  private Path file;
  private NameMapping mapping;

  @Setup
  public void prepare() {
    file = ContainerFiles.of(container, NetSize.of(size));
    mapping = NameMapping.bundled("graft");
    if (!openAndMap().valid()) {
      throw new IllegalStateException(file + " does not fit the table " + mapping.name());
    }
  }

  /** Opens the file, lists it and checks it; the report. */
  @Benchmark
  public MappingReport openAndMap() {
    try (WeightStore store = WeightStore.open(file)) {
      return mapping.check(store, Needs.wholeTable(), Set.of(), ValueCheck.NONE);
    }
  }
}
