package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.image.Images;
import dev.graft.graph.Kernels;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictTest {
  @TempDir private Path folder;

  /** Writes one of a reference's images as a PNG. */
  private Path image(String golden, int index, String name) throws IOException {
    try (WeightStore store = WeightStore.open(Graft.golden(golden))) {
      WeightArray images = store.get("image");
      int height = (int) images.shape().dim(1);
      int width = (int) images.shape().dim(2);
      byte[] rgb = new byte[height * width * 3];
      images.read((long) index * rgb.length, ByteBuffer.wrap(rgb));
      Path file = folder.resolve(name);
      Images.writeRgb(file, rgb, height, width);
      return file;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"96x128", "100x75"})
  void segmentsAsTheReferenceDoes(String size) throws IOException {
    Path image = image("fcn8s_" + size + ".npz", 0, size + ".png");
    Path out = folder.resolve("masks");
    Graft.Result result =
        Graft.run(
            "predict",
            "--model",
            "fcn8s",
            "--weights",
            Graft.golden("tensorflow_vgg_p2.npy"),
            "--map",
            "tensorflow-vgg16",
            "--weights",
            Graft.golden("head.npz"),
            "--exclude",
            "vgg16/fc8",
            "--out",
            out,
            "--raw",
            image);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("1 of 1 images predicted");

    Path file = out.resolve(size + ".logits.npy");
    float[] logits = Graft.values(file).get(size + ".logits");
    float[] expected = Graft.values(Graft.golden("fcn8s_" + size + ".npz"), "logits");
    assertThat(Graft.relativeError(logits, expected)).isLessThan(1e-5);
    String[] sides = size.split("x");
    assertThat(Graft.shapes(file).values())
        .containsExactly("[" + sides[0] + ", " + sides[1] + ", 3]");

    BufferedImage mask = ImageIO.read(out.resolve(size + ".png").toFile());
    assertThat(mask.getColorModel()).isInstanceOf(IndexColorModel.class);
    assertThat(mask.getWidth()).isEqualTo(Integer.parseInt(sides[1]));
    int[] ids =
        mask.getRaster().getSamples(0, 0, mask.getWidth(), mask.getHeight(), 0, (int[]) null);
    for (int pixel = 0; pixel < ids.length; pixel++) {
      float[] scores = Arrays.copyOfRange(logits, pixel * 3, pixel * 3 + 3);
      float largest = Math.max(scores[0], Math.max(scores[1], scores[2]));
      assertThat(scores[ids[pixel]]).isEqualTo(largest);
    }
    assertThat(ImageIO.read(out.resolve(size + ".overlay.png").toFile()).getHeight())
        .isEqualTo(mask.getHeight());
  }

  private Graft.Result segment(Path out, Object... images) {
    Object[] options = {
      "predict",
      "--model",
      "fcn8s",
      "--weights",
      Graft.golden("weights.npz"),
      "--weights",
      Graft.golden("head.npz"),
      "--exclude",
      "vgg16/fc8",
      "--out",
      out
    };
    Object[] args = Arrays.copyOf(options, options.length + images.length);
    System.arraycopy(images, 0, args, options.length, images.length);
    return Graft.run(args);
  }

  @Test
  void givesTheSameMaskWithoutTheLogits() throws IOException {
    Path image = image("fcn8s_96x128.npz", 0, "a.png");
    assertThat(segment(folder.resolve("with"), "--raw", image).code()).isZero();
    assertThat(segment(folder.resolve("without"), image).code()).isZero();
    assertThat(folder.resolve("without/a.png"))
        .hasSameBinaryContentAs(folder.resolve("with/a.png"));
    assertThat(folder.resolve("without/a.logits.npy")).doesNotExist();
  }

  @Test
  void goesOnAfterAnImageThatCannotBeRead() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "not a picture");
    Path good = image("fcn8s_96x128.npz", 0, "good.png");
    Path out = folder.resolve("out");
    Graft.Result result = segment(out, broken, folder.resolve("absent.png"), good);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("broken.jpg: cannot be decoded", "absent.png: no such file");
    assertThat(result.out()).contains("1 of 3 images predicted");
    assertThat(out.resolve("good.png")).exists();
    assertThat(out.resolve("broken.png")).doesNotExist();
  }

  @Test
  void neverInitialises() throws IOException {
    Graft.Result result =
        Graft.run(
            "predict",
            "--model",
            "fcn8s",
            "--weights",
            Graft.golden("weights.npz"),
            "--exclude",
            "vgg16/fc8",
            "--out",
            folder.resolve("out"),
            image("fcn8s_96x128.npz", 0, "a.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("missing", "fcn8s/score_fr/kernel", "fcn8s/upscore8/kernel", "9 problems");
  }

  @Test
  void refusesANameThatTwoSourcesGive() throws IOException {
    Graft.Result result =
        Graft.run(
            "predict",
            "--model",
            "vgg16",
            "--weights",
            Graft.golden("weights.npz"),
            "--weights",
            Graft.golden("slim_py3.npy"),
            "--map",
            "slim-vgg16",
            "--out",
            folder.resolve("out"),
            image("fcn8s_96x128.npz", 0, "a.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("duplicate", "vgg16/conv1_1/kernel");
  }

  @Test
  void namesTheFiveBestClassesOfAnImage() throws IOException {
    Path out = folder.resolve("top");
    Graft.Result result =
        Graft.run(
            "predict",
            "--model",
            "vgg16",
            "--weights",
            Graft.golden("slim_py3.npy"),
            "--map",
            "slim-vgg16",
            "--out",
            out,
            "--raw",
            image("classifier.npz", 1, "photo.png"));
    assertThat(result.code()).as(result.err()).isZero();
    float[] expected = Graft.values(Graft.golden("classifier.npz"), "fc8");
    float[] logits = Graft.values(out.resolve("photo.logits.npy")).get("photo.logits");
    assertThat(Graft.relativeError(logits, Arrays.copyOfRange(expected, 10, 20))).isLessThan(1e-5);
    assertThat(Graft.shapes(out.resolve("photo.logits.npy")).values())
        .containsExactly("[1, 1, 10]");

    JsonNode json = new ObjectMapper().readTree(out.resolve("photo.json").toFile());
    float[] probabilities = Graft.values(Graft.golden("classifier.npz"), "prob");
    assertThat(json.get("top")).hasSize(5);
    double before = 1;
    for (JsonNode entry : json.get("top")) {
      double probability = entry.get("probability").asDouble();
      assertThat(probability)
          .isLessThanOrEqualTo(before)
          .isCloseTo(
              probabilities[10 + entry.get("class").asInt()],
              org.assertj.core.data.Offset.offset(1e-5));
      before = probability;
    }
    assertThat(result.out()).contains("photo:", "class " + json.at("/top/0/class").asInt());
  }

  @Test
  void saysThatAnImageIsTooSmallForTheClassifier() throws IOException {
    Graft.Result result =
        Graft.run(
            "predict",
            "--model",
            "vgg16",
            "--weights",
            Graft.golden("weights.npz"),
            "--out",
            folder.resolve("out"),
            image("fcn8s_96x128.npz", 0, "small.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("small.png", "too small for vgg16", "128×96");
  }

  @Test
  void saysThatAFolderIsNoRun() throws IOException {
    Graft.Result result =
        Graft.run("predict", folder, image("fcn8s_96x128.npz", 0, "a.png"), "--out", folder);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("is no run", "--model");
  }

  @Test
  void saysThatItsFolderCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Graft.Result result = segment(file.resolve("out"), image("fcn8s_96x128.npz", 0, "a.png"));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("file").doesNotContain("internal error", "\tat ");
  }

  @Test
  void timesItsParts() throws IOException {
    Graft.Result result =
        segment(folder.resolve("o"), "--verbose", image("fcn8s_96x128.npz", 0, "a.png"));
    assertThat(result.err())
        .contains("timing: weights: open, validate, map", "timing: all, from the process's start")
        .containsPattern("graph and session, (own|stock) kernels");
  }

  @Test
  void readsFullyConnectedWeightsAsBfloat16WhereItIsToldTo() throws IOException {
    Assumptions.assumeTrue(Kernels.AUTO.areOwn(), Kernels.AUTO.description());
    Path image = image("fcn8s_96x128.npz", 0, "a.png");
    Graft.Result without = segment(folder.resolve("without"), "--raw", image);
    assertThat(without.code()).as(without.err()).isZero();
    Graft.Result with = segment(folder.resolve("with"), "--raw", "--fc-bfloat16", image);
    assertThat(with.code()).as(with.err()).isZero();
    float[] exact = Graft.values(folder.resolve("without/a.logits.npy")).get("a.logits");
    float[] rounded = Graft.values(folder.resolve("with/a.logits.npy")).get("a.logits");
    assertThat(Graft.relativeError(rounded, exact)).isBetween(1e-5, 5e-3);
  }

  @Test
  void computesWithStockKernelsWhereItIsToldTo() throws IOException {
    Graft.Result result =
        segment(
            folder.resolve("o"),
            "--verbose",
            "--stock-kernels",
            image("fcn8s_96x128.npz", 0, "a.png"));
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("graph and session, stock kernels");
  }
}
