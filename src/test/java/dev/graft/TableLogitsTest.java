package dev.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.capi.SessionOptions;
import dev.graft.graph.ConstantsCache;
import dev.graft.graph.Model;
import dev.graft.graph.ModelWeights;
import dev.graft.graph.ParameterShapes;
import dev.graft.graph.Predictor;
import dev.graft.mapping.NameMapping;
import dev.graft.mapping.Needs;
import dev.graft.mapping.ValueCheck;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All containers and tables, proved by what the network answers: a wrong order of fc6's rows has
 * the right shape and gives a network that runs.
 */
class TableLogitsTest {
  private static final int PIXELS = 224 * 224 * 3;

  /** What the graph's own weights answer; the same for all tests. */
  private static float[] graftLogits;

  @TempDir private Path temp;
  private byte[] image;
  private float[] expected;

  @BeforeEach
  void readTheReference() {
    try (WeightStore golden = WeightStore.open(golden("classifier.npz"))) {
      image = Arrays.copyOf(bytes(golden.get("image")), PIXELS);
      expected = Arrays.copyOf(WeightArrays.floats(golden.get("fc8")), 10);
    }
  }

  private static Path golden(String name) {
    try {
      return Path.of(TableLogitsTest.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(WeightArray array) {
    ByteBuffer buffer = ByteBuffer.allocate((int) array.byteSize());
    array.read(0, buffer);
    return buffer.array();
  }

  private float[] graftLogits() {
    if (graftLogits == null) {
      graftLogits = classify(golden("weights.npz"), NameMapping.bundled("graft"));
    }
    return graftLogits;
  }

  private float[] classify(Path file, NameMapping table) {
    try (ModelWeights weights =
            ModelWeights.load(ModelWeights.Request.of(Model.VGG16, file, table), cache());
        Predictor predictor = Predictor.of(weights, SessionOptions.DEFAULT, bytes -> {})) {
      float[] logits = new float[10];
      predictor.logits(image, 224, 224, logits);
      return logits;
    }
  }

  private float[] segment(Path file, NameMapping table, byte[] rgb) {
    try (ModelWeights weights =
            ModelWeights.load(ModelWeights.Request.of(Model.FCN8S, file, table), cache());
        Predictor predictor = Predictor.of(weights, SessionOptions.DEFAULT, bytes -> {})) {
      float[] logits = new float[96 * 128 * 3];
      predictor.logits(rgb, 96, 128, logits);
      return logits;
    }
  }

  private ConstantsCache cache() {
    return new ConstantsCache(temp.resolve("cache"), 1 << 30);
  }

  private Path source(String name) {
    Path file = temp.resolve(name);
    switch (name) {
      case "keras-bgr.h5" -> {
        try (WeightStore keras = WeightStore.open(golden("keras.h5"))) {
          WeightWriter.write(file, SourceLayouts.kerasBgr(keras));
        }
      }
      case "slim.ckpt" -> {
        try (WeightStore slim = WeightStore.open(golden("slim_py3.npy"))) {
          WeightWriter.write(file, slim);
        }
      }
      default -> {
        return golden(name);
      }
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "torchvision.pth, torchvision-vgg16",
    "torchvision_legacy.pth, torchvision-vgg16",
    "torchvision.safetensors, torchvision-vgg16",
    "keras.h5, keras-rgb-vgg16",
    "keras-bgr.h5, keras-vgg16",
    "caffe.caffemodel, caffe-vgg16",
    "caffe_v1.caffemodel, caffe-vgg16",
    "slim_py3.npy, slim-vgg16",
    "slim.ckpt, slim-vgg16",
    "tensorflow_vgg_p0.npy, tensorflow-vgg16",
    "tensorflow_vgg_p2.npy, tensorflow-vgg16",
    "tensorflow_vgg_p4.npy, tensorflow-vgg16",
    "tensorflow_vgg_p5.npy, tensorflow-vgg16",
    "tensorflow_vgg_py3.npy, tensorflow-vgg16",
  })
  void everySourceGivesTheSameWeightsAndLogits(String name, String table) {
    Path file = source(name);
    NameMapping mapping = NameMapping.bundled(table);
    try (WeightStore graph = WeightStore.open(golden("weights.npz"));
        WeightStore mapped =
            mapping.apply(WeightStore.open(file), Needs.wholeTable(), Set.of(), ValueCheck.ALL)) {
      assertSameBytes(mapped, graph);
    }
    try (WeightStore store = WeightStore.open(file)) {
      // Nothing but the values tells BGR from RGB.
      assertThat(NameMapping.suggest(store).get(0).table()).isEqualTo(table.replace("-rgb", ""));
    }
    float[] logits = classify(file, mapping);
    assertThat(logits).isEqualTo(graftLogits());
    for (int i = 0; i < logits.length; i++) {
      assertThat(logits[i]).isCloseTo(expected[i], within(1e-4f * norm(expected)));
    }
  }

  private static void assertSameBytes(WeightStore actual, WeightStore expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String each : expected.names()) {
      assertThat(actual.get(each).shape()).as(each).isEqualTo(expected.get(each).shape());
      assertThat(bytes(actual.get(each))).as(each).isEqualTo(bytes(expected.get(each)));
    }
  }

  private static float norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return (float) Math.sqrt(sum);
  }

  /** The mistakes that have the right shapes. */
  @ParameterizedTest
  @CsvSource({
    // fc6 transposed, its rows left in C, H, W order.
    "chw_dense_to_conv7, oi_dense_to_conv1+conv1_to_dense+dense_to_conv7",
    // RGB weights taken for BGR.
    "oihw_to_hwio 3, oihw_to_hwio+reverse_input_channels 3",
  })
  void aWrongTableFitsAndAnswersOtherwise(String right, String wrong) throws IOException {
    String text = NameMapping.bundled("torchvision-vgg16").text().replaceAll("  +", " ");
    assertThat(text).contains(" " + right);
    Path table = temp.resolve("wrong.table");
    Files.writeString(table, text.replaceFirst(" " + right, " " + wrong));
    float[] logits = classify(golden("torchvision.pth"), NameMapping.parse(table));
    float[] difference = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      difference[i] = logits[i] - expected[i];
    }
    assertThat(norm(difference) / norm(expected)).isGreaterThan(0.05f);
  }

  @Test
  void fcnTablesGiveTheSameLogits() {
    Path caffe = temp.resolve("caffe-fcn8s.npz");
    Path legacy = temp.resolve("caffe-fcn8s-legacy.npz");
    Path tensorflow = temp.resolve("tensorflow-fcn8s.npz");
    Path graft = temp.resolve("graft.npz");
    NameMapping caffeTable = NameMapping.bundled("caffe-fcn8s");
    try (WeightStore vgg = WeightStore.open(golden("weights.npz"));
        WeightStore head = WeightStore.open(golden("head.npz"));
        WeightStore reference = WeightStore.open(golden("fcn8s_96x128.npz"))) {
      WeightWriter.write(caffe, SourceLayouts.caffeFcn(false, vgg, head));
      WeightWriter.write(legacy, SourceLayouts.caffeFcn(true, vgg, head));
      WeightWriter.write(tensorflow, SourceLayouts.tensorflowFcn8s(vgg, head));
      try (WeightStore mapped =
          caffeTable.apply(WeightStore.open(caffe), Needs.wholeTable(), Set.of(), ValueCheck.ALL)) {
        WeightWriter.write(graft, mapped);
        for (String name : head.names()) {
          assertThat(bytes(mapped.get(name))).as(name).isEqualTo(bytes(head.get(name)));
        }
      }
      byte[] rgb = bytes(reference.get("image"));
      float[] logits = segment(caffe, caffeTable, rgb);
      float[] golden = WeightArrays.floats(reference.get("logits"));
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i]).isCloseTo(golden[i], within(1e-5f * norm(golden)));
      }
      assertThat(segment(legacy, caffeTable, rgb)).isEqualTo(logits);
      assertThat(segment(tensorflow, NameMapping.bundled("tensorflow-fcn8s"), rgb))
          .isEqualTo(logits);
      assertThat(segment(graft, NameMapping.bundled("graft"), rgb)).isEqualTo(logits);
    }
  }

  @Test
  void everyTableHasEachParameterOfItsModelOnce() {
    for (String name : NameMapping.bundledNames()) {
      if (!name.equals("graft")) {
        Model model = Model.of(name.substring(name.lastIndexOf('-') + 1));
        assertThat(NameMapping.bundled(name).graphNames())
            .as(name)
            .containsExactlyInAnyOrderElementsOf(ParameterShapes.names(model));
      }
    }
    Set<String> all = new HashSet<>();
    for (String model : Model.labels()) {
      all.addAll(ParameterShapes.names(Model.of(model)));
    }
    List<String> graft = NameMapping.bundled("graft").graphNames();
    assertThat(graft).containsExactlyInAnyOrderElementsOf(all);
  }
}
