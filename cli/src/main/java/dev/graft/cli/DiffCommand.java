package dev.graft.cli;

import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.ArrayDifference;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graft diff}: what differs between two weight files. */
@Command(
    name = "diff",
    description = {
      "Compare the arrays of two weight files, whatever their containers.",
      "Names, shapes, dtypes and values; what is bit-equal is only counted. NaN equals NaN. Different",
      "dtypes are compared as float64, and are a difference all the same."
    },
    exitCodeList = {
      "0:the same, within the tolerance",
      "1:different; or, with a message on the standard error and nothing else, not readable",
      "2:wrong usage"
    },
    footer = {
      "Examples:",
      "  graft diff vgg16.npy vgg16.safetensors",
      "  graft diff before.npz after.npz --tolerance 1e-6",
      "  graft diff vgg16.npy vgg16.pth --map-a tensorflow-vgg16 --map-b torchvision-vgg16"
    })
final class DiffCommand extends GraftCommand {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A weight file, a folder of them, a RUN folder or a checkpoint.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  private Path second;

  @Option(
      names = "--map",
      paramLabel = "TABLE",
      description = "The name table of both: graph names and layout are compared.")
  private String map;

  @Option(names = "--map-a", paramLabel = "TABLE", description = "The name table of A.")
  private String mapA;

  @Option(names = "--map-b", paramLabel = "TABLE", description = "The name table of B.")
  private String mapB;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "An absolute difference that counts as none (default: 0).")
  private double tolerance;

  @Option(
      names = "--relative",
      paramLabel = "X",
      description = "The same as a share of A's value; it adds to --tolerance (default: 0).")
  private double relative;

  @Option(names = "--json", description = "Print JSON instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    require(
        map == null || (mapA == null && mapB == null),
        "--map is for both files: not with --map-a or --map-b");
    require(tolerance >= 0, "--tolerance must be at least 0, not " + tolerance);
    require(relative >= 0, "--relative must be at least 0, not " + relative);
    NameMapping tableA = table(map == null ? mapA : map);
    NameMapping tableB = table(map == null ? mapB : map);
    List<StoreDifference> differences;
    try (WeightStore a = WeightStore.open(first);
        WeightStore b = WeightStore.open(second);
        WorkProgress progress = new WorkProgress(screen())) {
      WeightStore storeA = mapped(a, tableA);
      WeightStore storeB = mapped(b, tableB);
      long total = WeightWriter.totalBytes(storeA);
      differences =
          StoreDifference.of(
              storeA,
              storeB,
              tolerance,
              relative,
              bytes -> progress.bytes("comparing", bytes, total));
    }
    boolean same = differences.stream().allMatch(difference -> difference.verdict().same());
    if (json) {
      out().println(Json.of(record(differences, same)));
    } else {
      print(differences, same);
    }
    return same ? Main.SUCCESS : Main.FAILURE;
  }

  private NameMapping table(String name) {
    return name == null ? null : NameTables.find(this, name);
  }

  private static WeightStore mapped(WeightStore store, NameMapping table) {
    return table == null
        ? store
        : table.apply(store, Needs.wholeTable(), Set.of(), ValueCheck.NONE);
  }

  private void print(List<StoreDifference> differences, boolean same) {
    Tables table =
        new Tables()
            .text("name")
            .text("dtype")
            .text("shape")
            .number("differing")
            .number("largest")
            .text("at")
            .text("");
    int shown = 0;
    int bitEqual = 0;
    for (StoreDifference each : differences) {
      if (each.verdict() == StoreDifference.Verdict.BIT_EQUAL) {
        bitEqual++;
        continue;
      }
      shown++;
      table.row(
          each.name(),
          both(each, WeightArray::dtype),
          both(each, WeightArray::shape),
          each.values().map(found -> String.valueOf(found.differing())).orElse(""),
          each.values().map(found -> Numbers.text(found.largest())).orElse(""),
          each.place().map(Arrays::toString).orElse(""),
          each.verdict());
    }
    if (shown > 0) {
      out().print(table.render());
    }
    out()
        .printf(
            "%s: %d of %d arrays are bit-equal%n",
            same ? "same" : "different", bitEqual, differences.size());
  }

  private static String both(StoreDifference each, Function<WeightArray, Object> what) {
    Object a = each.a() == null ? null : what.apply(each.a());
    Object b = each.b() == null ? null : what.apply(each.b());
    if (a == null || b == null || a.equals(b)) {
      return String.valueOf(a == null ? b : a);
    }
    return a + " / " + b;
  }

  private Map<String, Object> record(List<StoreDifference> differences, boolean same) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("a", first.toString());
    record.put("b", second.toString());
    record.put("same", same);
    record.put("tolerance", tolerance);
    record.put("relative", relative);
    record.put("arrays", differences.stream().map(DiffCommand::record).toList());
    return record;
  }

  private static Map<String, Object> record(StoreDifference each) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("name", each.name());
    record.put("verdict", each.verdict().name().toLowerCase(Locale.ROOT));
    record.put("same", each.verdict().same());
    record.put("dtype_a", each.a() == null ? null : each.a().dtype().toString());
    record.put("dtype_b", each.b() == null ? null : each.b().dtype().toString());
    record.put("shape_a", each.a() == null ? null : each.a().shape().dims());
    record.put("shape_b", each.b() == null ? null : each.b().shape().dims());
    ArrayDifference found = each.values().orElse(null);
    record.put("differing", found == null ? null : found.differing());
    record.put("beyond_tolerance", found == null ? null : found.beyond());
    record.put("largest_difference", found == null ? null : Numbers.json(found.largest()));
    record.put("at", each.place().orElse(null));
    return record;
  }
}
