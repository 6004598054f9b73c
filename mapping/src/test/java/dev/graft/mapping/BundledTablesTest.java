package dev.graft.mapping;

import static dev.graft.mapping.FakeArray.bytesOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    FakeStore source = FakeVgg.source(name);
    WeightStore graph = table.apply(source, WHOLE, Set.of());
    assertThat(graph.names()).isEqualTo(table.graphNames());
    WeightStore back = table.export(copy(graph), Set.of());
    assertThat(back.names()).isEqualTo(source.names());
    for (String key : source.names()) {
      assertThat(back.get(key).shape()).isEqualTo(source.get(key).shape());
      assertThat(bytesOf(back.get(key))).isEqualTo(source.get(key).bytes());
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
