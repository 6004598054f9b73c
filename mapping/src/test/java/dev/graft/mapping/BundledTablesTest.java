package dev.graft.mapping;

import static dev.graft.mapping.FakeArray.bytesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundledTablesTest {
  private static final Needs WHOLE = Needs.wholeTable();

  static List<String> tables() {
    return NameMapping.bundledNames();
  }

  /** The convolutions of a network and its three fully connected layers, in order. */
  private static List<String> layers(int vgg) {
    int[] convolutions = vgg == 16 ? new int[] {2, 2, 3, 3, 3} : new int[] {2, 2, 4, 4, 4};
    List<String> layers = new ArrayList<>();
    for (int block = 1; block <= 5; block++) {
      for (int index = 1; index <= convolutions[block - 1]; index++) {
        layers.add("conv" + block + "_" + index);
      }
    }
    layers.addAll(List.of("fc6", "fc7", "fc8"));
    return layers;
  }

  private static List<String> parameters(int vgg) {
    return layers(vgg).stream()
        .flatMap(
            layer ->
                List.of("vgg" + vgg + "/" + layer + "/kernel", "vgg" + vgg + "/" + layer + "/bias")
                    .stream())
        .toList();
  }

  /** The line that a kernel or a bias must have: key, transform and shape. */
  private static List<String> lines(NameMapping table) {
    return table.rows().stream()
        .map(row -> row.key(0) + " " + row.transform() + " " + row.pattern())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 19})
  void slimHasEveryLayer(int vgg) {
    NameMapping table = NameMapping.bundled("slim-vgg" + vgg);
    assertThat(table.graphNames()).isEqualTo(parameters(vgg));
    assertThat(table.graphNames()).hasSize(2 * (vgg == 16 ? 13 + 3 : 16 + 3));
    List<String> expected = new ArrayList<>();
    String in = "3";
    for (String layer : layers(vgg)) {
      boolean conv = layer.startsWith("conv");
      String scope = "vgg_" + vgg + "/" + (conv ? layer.substring(0, 5) + "/" : "") + layer;
      String out = symbol(layer);
      String size = conv ? "3, 3" : layer.equals("fc6") ? "7, 7" : "1, 1";
      expected.add("%s/weights identity [%s, %s, %s]".formatted(scope, size, in, out));
      expected.add("%s/biases identity [%s]".formatted(scope, out));
      in = out;
    }
    assertThat(lines(table)).isEqualTo(expected);
    assertThat(table.ignores("vgg_" + vgg + "/mean_rgb")).isTrue();
    assertThat(table.ignores("global_step")).isTrue();
    assertThat(table.partial()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 19})
  void tensorflowVggHasEveryLayer(int vgg) {
    NameMapping table = NameMapping.bundled("tensorflow-vgg" + vgg);
    assertThat(table.graphNames()).isEqualTo(parameters(vgg));
    List<String> expected = new ArrayList<>();
    String in = "3";
    for (String layer : layers(vgg)) {
      String out = symbol(layer);
      boolean conv = layer.startsWith("conv");
      String size = conv ? "3, 3" : layer.equals("fc6") ? "7, 7" : "1, 1";
      String transform =
          layer.equals("conv1_1")
              ? "reverse_input_channels"
              : conv ? "identity" : layer.equals("fc6") ? "dense_to_conv7" : "dense_to_conv1";
      expected.add("%s[0] %s [%s, %s, %s]".formatted(layer, transform, size, in, out));
      expected.add("%s[1] identity [%s]".formatted(layer, out));
      in = out;
    }
    assertThat(lines(table)).isEqualTo(expected);
    assertThat(table.partial()).isFalse();
  }

  private static String symbol(String layer) {
    return layer.equals("fc8") ? "classes" : layer.replace("conv", "c");
  }

  @Test
  void graftHasEveryLayerOfEveryNetwork() {
    NameMapping table = NameMapping.bundled("graft");
    List<String> expected = new ArrayList<>(parameters(16));
    expected.addAll(parameters(19));
    expected.addAll(
        List.of(
            "fcn32s/score_fr/kernel",
            "fcn32s/score_fr/bias",
            "fcn32s/upscore32/kernel",
            "fcn16s/score_fr/kernel",
            "fcn16s/score_fr/bias",
            "fcn16s/score_pool4/kernel",
            "fcn16s/score_pool4/bias",
            "fcn16s/upscore2/kernel",
            "fcn16s/upscore16/kernel",
            "fcn8s/score_fr/kernel",
            "fcn8s/score_fr/bias",
            "fcn8s/score_pool4/kernel",
            "fcn8s/score_pool4/bias",
            "fcn8s/score_pool3/kernel",
            "fcn8s/score_pool3/bias",
            "fcn8s/upscore2/kernel",
            "fcn8s/upscore_pool4/kernel",
            "fcn8s/upscore8/kernel"));
    assertThat(table.graphNames()).isEqualTo(expected);
    assertThat(table.rows()).allMatch(row -> row.key(0).equals(row.name()));
    assertThat(table.rows()).allMatch(row -> row.transform().isIdentity());
    assertThat(table.partial()).isTrue();
    assertThat(pattern(table, "vgg16/fc6/kernel")).isEqualTo("[7, 7, v16_c5_3, v16_fc6]");
    assertThat(pattern(table, "vgg19/fc6/kernel")).isEqualTo("[7, 7, v19_c5_4, v19_fc6]");
    assertThat(pattern(table, "fcn8s/score_pool3/kernel"))
        .isEqualTo("[1, 1, fcn8s_pool3, fcn8s_classes]");
    assertThat(pattern(table, "fcn32s/upscore32/kernel"))
        .isEqualTo("[64, 64, fcn32s_classes, fcn32s_classes]");
    assertThat(pattern(table, "fcn16s/upscore16/kernel"))
        .isEqualTo("[32, 32, fcn16s_classes, fcn16s_classes]");
    assertThat(pattern(table, "fcn8s/upscore8/kernel"))
        .isEqualTo("[16, 16, fcn8s_classes, fcn8s_classes]");
    assertThat(pattern(table, "fcn8s/upscore_pool4/kernel"))
        .isEqualTo("[4, 4, fcn8s_classes, fcn8s_classes]");
  }

  private static String pattern(NameMapping table, String name) {
    return table.rows().stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow()
        .pattern()
        .toString();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void thereAndBackIsTheIdentityOnBytes(String name) {
    NameMapping table = NameMapping.bundled(name);
    for (int naming = 0; naming < Math.max(1, table.namings().size()); naming++) {
      FakeStore source = FakeVgg.source(name, naming);
      WeightStore graph = table.apply(source, WHOLE, Set.of());
      assertThat(graph.names()).isEqualTo(table.graphNames());
      WeightStore back = table.export(copy(graph), Set.of());
      assertThat(back.names()).isEqualTo(table.rows().stream().map(row -> row.key(0)).toList());
      for (Row row : table.rows()) {
        FakeArray original = source.get(row.key(naming));
        assertThat(back.get(row.key(0)).shape()).isEqualTo(original.shape());
        assertThat(bytesOf(back.get(row.key(0)))).isEqualTo(original.bytes());
      }
      assertSame(table.apply(copy(back), WHOLE, Set.of()), graph);
    }
  }

  /** Narrow weights of a network in graph names: vgg16, vgg19, fcn32s, fcn16s, fcn8s. */
  private static FakeStore graph(String network) {
    String table = network.startsWith("fcn") ? "tensorflow-" + network : "slim-" + network;
    return copy(NameMapping.bundled(table).apply(FakeVgg.source(table), WHOLE, Set.of()));
  }

  private static void assertSame(WeightStore actual, WeightStore expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.get(name).shape()).isEqualTo(expected.get(name).shape());
      assertThat(bytesOf(actual.get(name))).isEqualTo(bytesOf(expected.get(name)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vgg16", "vgg19", "fcn32s", "fcn16s", "fcn8s"})
  void anyTwoTablesOfANetworkConvertIntoEachOther(String network) {
    List<NameMapping> tables =
        NameMapping.bundledNames().stream()
            .filter(name -> name.equals("graft") || name.endsWith("-" + network))
            .map(NameMapping::bundled)
            .toList();
    assertThat(tables).hasSize(network.startsWith("vgg") ? 7 : 3);
    FakeStore graph = graph(network);
    for (NameMapping from : tables) {
      FakeStore source = copy(from.export(graph, Set.of()));
      for (NameMapping to : tables) {
        WeightStore converted = from.convert(source, to, Set.of(), ValueCheck.NONE);
        assertSame(converted, to.export(graph, Set.of()));
        assertSame(to.apply(copy(converted), WHOLE, Set.of()), graph);
      }
    }
  }

  @Test
  void anFcnIsNoClassifierAndTheReportSaysWhatIsMissing() {
    NameMapping fcn = NameMapping.bundled("caffe-fcn32s");
    NameMapping vgg = NameMapping.bundled("torchvision-vgg16");
    FakeStore source = FakeVgg.source("caffe-fcn32s");
    assertThatThrownBy(() -> fcn.convert(source, vgg, Set.of(), ValueCheck.NONE))
        .isInstanceOf(MappingException.class)
        .hasMessage(
            """
            caffe-fcn32s.npy through the table torchvision-vgg16:
              error  unexpected  fcn32s/score_fr/kernel   not in the table; --exclude fcn32s leaves it out
              error  unexpected  fcn32s/score_fr/bias     not in the table; --exclude fcn32s leaves it out
              error  unexpected  fcn32s/upscore32/kernel  not in the table; --exclude fcn32s leaves it out
              error  missing     vgg16/fc8/kernel         the table has it, but there is no array for it; --exclude vgg16/fc8 leaves it out
              error  missing     vgg16/fc8/bias           the table has it, but there is no array for it; --exclude vgg16/fc8 leaves it out
            30 arrays mapped, 0 excluded, 5 problems""");
    WeightStore backbone = fcn.convert(source, vgg, Set.of("fcn32s", "vgg16/fc8"), ValueCheck.NONE);
    assertThat(backbone.names()).hasSize(30).contains("classifier.3.bias");
    FakeStore inGraphNames = copy(fcn.apply(source, WHOLE, Set.of()));
    assertThat(
            NameMapping.bundled("graft")
                .convert(inGraphNames, vgg, Set.of("fcn32s", "vgg16/fc8"), ValueCheck.NONE)
                .names())
        .hasSize(30);
    assertThatThrownBy(() -> fcn.convert(source, vgg, Set.of("fcn8s"), ValueCheck.NONE))
        .hasMessageContaining("the scope to exclude matches nothing");
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 19})
  void kerasReadsEveryNamingOfItsFiles(int vgg) {
    NameMapping table = NameMapping.bundled("keras-vgg" + vgg);
    assertThat(table.graphNames()).isEqualTo(parameters(vgg));
    assertThat(table.namings()).containsExactly("keras2", "keras1", "keras3", "keras2.13");
    List<List<String>> expected = new ArrayList<>();
    int convolutions = 0;
    int dense = 0;
    for (String layer : layers(vgg)) {
      boolean conv = layer.startsWith("conv");
      String name =
          switch (layer) {
            case "fc6" -> "fc1";
            case "fc7" -> "fc2";
            case "fc8" -> "predictions";
            default -> layer.replaceFirst("conv(.)_(.)", "block$1_conv$2");
          };
      int index = conv ? convolutions++ : dense++;
      String counted = (conv ? "conv2d" : "dense") + (index == 0 ? "" : "_" + index);
      for (int part = 0; part < 2; part++) {
        expected.add(
            List.of(
                name + "/" + name + (part == 0 ? "/kernel" : "/bias"),
                name + "/" + name + (part == 0 ? "_W_1" : "_b_1"),
                "layers/" + counted + "/vars/" + part,
                "_layer_checkpoint_dependencies/" + counted + "/vars/" + part));
      }
    }
    assertThat(table.rows()).extracting(Row::keys).isEqualTo(expected);
    assertThat(lines(NameMapping.bundled("keras-rgb-vgg" + vgg)))
        .isEqualTo(
            lines(table).stream()
                .map(line -> line.replace("reverse_input_channels", "identity"))
                .toList());
    // But for its names it is tensorflow-vgg's table.
    assertThat(table.rows())
        .extracting(row -> row.transform() + " " + row.pattern())
        .isEqualTo(
            NameMapping.bundled("tensorflow-vgg" + vgg).rows().stream()
                .map(row -> row.transform() + " " + row.pattern())
                .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "16, 0 2 5 7 10 12 14 17 19 21 24 26 28",
    "19, 0 2 5 7 10 12 14 16 19 21 23 25 28 30 32 34",
  })
  void torchvisionCountsItsLayers(int vgg, String features) {
    NameMapping table = NameMapping.bundled("torchvision-vgg" + vgg);
    assertThat(table.graphNames()).isEqualTo(parameters(vgg));
    List<String> expected = new ArrayList<>();
    for (String index : features.split(" ", -1)) {
      expected.add("features." + index + ".weight oihw_to_hwio");
      expected.add("features." + index + ".bias identity");
    }
    for (int index = 0; index <= 6; index += 3) {
      String transform = index == 0 ? "chw_dense_to_conv7" : "oi_dense_to_conv1";
      expected.add("classifier." + index + ".weight " + transform);
      expected.add("classifier." + index + ".bias identity");
    }
    assertThat(table.rows())
        .extracting(row -> row.key(0) + " " + row.transform())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 19})
  void caffeReadsBlobsOfBothForms(int vgg) {
    String name = "caffe-vgg" + vgg;
    NameMapping table = NameMapping.bundled(name);
    assertThat(table.graphNames()).isEqualTo(parameters(vgg));
    FakeStore current = FakeVgg.source(name);
    FakeStore legacy = new FakeStore("legacy.caffemodel");
    for (String key : current.names()) {
      FakeArray array = current.get(key);
      long[] dims = {1, 1, 1, 1};
      long[] own = array.shape().dims();
      System.arraycopy(own, 0, dims, 4 - own.length, own.length);
      legacy.with(key, FakeArray.of(Shape.of(dims), FakeArray.valuesOf(array)));
    }
    assertThat(legacy.get("fc6[0]").shape().toString()).startsWith("[1, 1, ");
    assertThat(legacy.get("conv1_1[1]").shape().toString()).startsWith("[1, 1, 1, ");
    WeightStore graph = table.apply(legacy, WHOLE, Set.of());
    assertSame(graph, table.apply(current, WHOLE, Set.of()));
    assertSame(table.export(copy(graph), Set.of()), current);
    assertThat(NameMapping.suggest(legacy).get(0).table()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "caffe-fcn32s, score_fr upscore",
    "caffe-fcn16s, score_fr score_pool4 upscore2 upscore16",
    "caffe-fcn8s, score_fr score_pool4 score_pool3 upscore2 upscore_pool4 upscore8",
    "tensorflow-fcn32s, score_fr up",
    "tensorflow-fcn16s, score_fr score_pool4 upscore2 upscore32",
    "tensorflow-fcn8s, score_fr score_pool4 score_pool3 upscore2 upscore4 upscore32",
  })
  void fcnTablesHaveTheBackboneAndTheHeadOfTheirStride(String name, String heads) {
    NameMapping table = NameMapping.bundled(name);
    List<String> expected = new ArrayList<>();
    boolean caffe = name.startsWith("caffe");
    List<String> layers = new ArrayList<>(layers(16));
    layers.remove("fc8");
    layers.addAll(List.of(heads.split(" ", -1)));
    for (String layer : layers) {
      boolean up = layer.startsWith("up");
      String kernel = up ? "/up_filter" : layer.startsWith("conv") ? "/filter" : "/weights";
      expected.add(layer + (caffe ? "[0]" : kernel));
      if (!up) {
        expected.add(layer + (caffe ? "[1]" : "/biases"));
      }
    }
    assertThat(table.rows()).extracting(row -> row.key(0)).isEqualTo(expected);
    String head = name.substring(name.indexOf('-') + 1) + "/";
    List<String> graft = NameMapping.bundled("graft").graphNames();
    List<String> graph = new ArrayList<>(parameters(16).subList(0, 30));
    graph.addAll(graft.stream().filter(each -> each.startsWith(head)).toList());
    assertThat(table.graphNames()).isEqualTo(graph);
    assertThat(table.rows())
        .filteredOn(row -> row.name().contains("/up"))
        .allMatch(row -> row.transform().toString().equals(caffe ? "iohw_to_hwoi" : "identity"));
  }

  @Test
  void everyTableTellsWhatItIs() {
    for (String name : NameMapping.bundledNames()) {
      assertThat(NameMapping.bundled(name).text()).startsWith("# ").contains("\nvgg1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 19})
  void onlyTheFirstKernelOfTensorflowVggIsNotAView(int vgg) {
    NameMapping table = NameMapping.bundled("tensorflow-vgg" + vgg);
    WeightStore graph = table.apply(FakeVgg.source(table.name()), WHOLE, Set.of());
    List<String> copied =
        graph.names().stream().filter(name -> graph.get(name).view().isEmpty()).toList();
    assertThat(copied).containsExactly("vgg" + vgg + "/conv1_1/kernel");
  }

  private static FakeStore copy(WeightStore store) {
    FakeStore copy = new FakeStore("copy");
    for (String name : store.names()) {
      WeightArray array = store.get(name);
      copy.with(name, FakeArray.of(array.shape(), FakeArray.valuesOf(array)));
    }
    return copy;
  }
}
