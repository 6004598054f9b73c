package dev.graft.bench;

import dev.graft.graph.Constant;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.ParameterShapes;
import dev.graft.mapping.MappingReport;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ParameterSpec;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.WeightStore;
import java.nio.file.Path;
import java.util.Map;
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
 * From a dictionary npy of VGG16, 528 MiB in the page cache, to weights that are checked and ready
 * to be put in a graph.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WeightOpen {
  @Param("full")
  public String size;

  private Path file;
  private NameMapping mapping;
  private Needs needs;

  @Setup
  public void prepare() {
    file = SyntheticWeights.classifierFile(NetSize.of(size));
    mapping = NameMapping.bundled("graft");
    needs = Needs.of(ParameterShapes.names(Model.VGG16).stream().map(ParameterSpec::of).toList());
    warmConstants();
    try (ModelWeights weights = Networks.weights(Model.VGG16, NetSize.of(size))) {
      if (weights.missingBytes(weights.shapes().keySet()) > 0) {
        throw new IllegalStateException("the cache does not keep the constants of " + file);
      }
    }
  }

  /** Opens the file and lists names and shapes; the number of elements. */
  @Benchmark
  public long open() {
    try (WeightStore store = WeightStore.open(file)) {
      long elements = 0;
      for (String name : store.names()) {
        elements += store.get(name).shape().elementCount();
      }
      return elements;
    }
  }

  /** Opens, then checks names, dtypes and shapes against the network. */
  @Benchmark
  public MappingReport map() {
    return check(ValueCheck.NONE);
  }

  /** Looks for NaN and infinity as well: what the first use of a file costs. */
  @Benchmark
  public MappingReport mapAndScan() {
    return check(ValueCheck.ALL);
  }

  private MappingReport check(ValueCheck values) {
    try (WeightStore store = WeightStore.open(file)) {
      MappingReport report = mapping.check(store, needs, Set.of(), values);
      if (!report.valid()) {
        throw new IllegalStateException(report.render());
      }
      return report;
    }
  }

  /** What a later start costs: the file is known, its constants lie in the cache. */
  @Benchmark
  public Map<String, Constant> warmConstants() {
    try (ModelWeights weights = Networks.weights(Model.VGG16, NetSize.of(size))) {
      return weights.constants(weights.shapes().keySet(), bytes -> {});
    }
  }
}
