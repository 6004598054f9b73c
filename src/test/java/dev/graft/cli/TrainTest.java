package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.image.Images;
import dev.graft.cli.image.MaskImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, evaluation and resumption on a small data set: a bright box on dark ground. */
class TrainTest {
  private static final int HEIGHT = 32;
  private static final int WIDTH = 48;
  private static final int IMAGES = 5;

  @TempDir private Path folder;
  private Path data;
  private Path run;
  private int steps = 3;

  @BeforeEach
  void makeData() throws IOException {
    data = folder.resolve("data");
    run = folder.resolve("run");
    Files.createDirectories(data.resolve("images"));
    Files.createDirectories(data.resolve("masks"));
    Random random = new Random(1);
    for (int i = 0; i < IMAGES; i++) {
      byte[] rgb = new byte[HEIGHT * WIDTH * 3];
      random.nextBytes(rgb);
      byte[] ids = new byte[HEIGHT * WIDTH];
      int left = random.nextInt(WIDTH - 16);
      for (int pixel = 0; pixel < ids.length; pixel++) {
        int x = pixel % WIDTH;
        boolean inside = x >= left && x < left + 16;
        ids[pixel] = (byte) (pixel < WIDTH ? 255 : inside ? 1 : 0);
        rgb[3 * pixel] = (byte) (inside ? 250 : 20);
      }
      Images.writeRgb(data.resolve("images/p" + i + ".png"), rgb, HEIGHT, WIDTH);
      MaskImages.write(data.resolve("masks/p" + i + ".png"), ids, HEIGHT, WIDTH);
    }
    Files.writeString(data.resolve("classes.txt"), "ground\nbox\n");
  }

  private Graft.Result train(Object... more) {
    Object[] options = {
      "train",
      "--model",
      "fcn8s",
      "--data",
      data,
      "--weights",
      Graft.golden("slim_py3.npy"),
      "--map",
      "slim-vgg16",
      "--exclude",
      "vgg16/fc8",
      "--freeze",
      "vgg16",
      "--steps",
      steps,
      "--threads",
      1,
      "--out",
      run
    };
    Object[] args = java.util.Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, args, options.length, more.length);
    return Graft.run(args);
  }

  private List<String> metrics() throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl"));
  }

  @Test
  void trainsResumesEvaluatesAndPredicts() throws IOException {
    Graft.Result first = train("--learning-rate", "1e-3", "--class-weights", "balanced");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("4 images to train on, 1 to validate with, 2 classes")
        .containsPattern("1  box +[0-9]+ +[0-9.]+ %")
        .containsPattern("255  \\(ignored\\)")
        .contains("initialised: fcn8s/score_fr/kernel", "frozen: 30 parameters")
        .contains("trained: 9 parameters", "validation after step 3, the best so far:", "mean IoU")
        .contains("done: 3 steps");
    assertThat(first.err()).contains("step 1/3  data loss ", "regularization loss", "steps/s");
    assertThat(first.err() + first.out()).doesNotContain("\r", "\u001b");
    assertThat(metrics()).hasSize(3);

    JsonNode settings = new ObjectMapper().readTree(run.resolve("run.json").toFile());
    double ground = settings.at("/classWeights/0").asDouble();
    double box = settings.at("/classWeights/1").asDouble();
    // 16 of 48 columns are box: half as many pixels as ground.
    assertThat(ground).isCloseTo(0.75, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(box).isCloseTo(1.5, org.assertj.core.data.Offset.offset(1e-6));

    Graft.Result again = train();
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("there is a run already");

    Graft.Result other = Graft.run("train", "--resume", "--out", run, "--seed", 7, "--batch", 2);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("--seed: the run has 1, the option is 7", "--batch: the run has 1");

    Graft.Result resumed = Graft.run("train", "--resume", "--out", run, "--steps", 5);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("going on after step 3 of 5", "done: 5 steps");
    assertThat(metrics()).hasSize(5);

    Graft.Result table = Graft.run("eval", run, "--data", data);
    assertThat(table.code()).as(table.err()).isZero();
    assertThat(table.out())
        .contains("pixel accuracy", "mean accuracy", "mean IoU", "frequency-weighted IoU", "box")
        .contains("Pixels by label");
    JsonNode json =
        new ObjectMapper()
            .readTree(
                Graft.run(
                        "eval",
                        run,
                        "--data",
                        data,
                        "--split",
                        "train",
                        "--json",
                        "--stock-kernels")
                    .out());
    assertThat(json.get("images").asInt()).isEqualTo(4);
    assertThat(json.get("class_iou")).hasSize(2);
    assertThat(json.get("mean_iou").asDouble()).isBetween(0.0, 1.0);

    Path out = folder.resolve("masks");
    Graft.Result predicted =
        Graft.run("predict", run, data.resolve("images/p0.png"), "--out", out, "--raw");
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(Graft.shapes(out.resolve("p0.logits.npy")).values()).containsExactly("[32, 48, 2]");

    Graft.Result inspected = Graft.run("inspect", run);
    assertThat(inspected.out()).contains("fcn8s/score_fr/kernel", "39 arrays");
  }

  @Test
  void aResumedRunHasTheLossesOfAnUninterruptedOne() throws IOException {
    steps = 4;
    assertThat(train().code()).isZero();
    List<String> whole = metrics();
    run = folder.resolve("parts");
    steps = 2;
    assertThat(train("--resume").code()).isZero();
    steps = 4;
    Graft.Result resumed = train("--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(metrics()).isEqualTo(whole);
  }

  @Test
  void refusesAFreezeScopeThatMatchesNothing() {
    Graft.Result result = train("--freeze", "vgg16/conv9");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("the scope 'vgg16/conv9' has no parameter");
    assertThat(run.resolve("run.json")).doesNotExist();
  }

  @Test
  void refusesLabelsOutOfRange() {
    Graft.Result result = train("--classes", 1);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("the label 1", "out of range", "p0.png");
  }

  @Test
  void refusesAMaskOfAnotherSize() throws IOException {
    MaskImages.write(data.resolve("masks/p2.png"), new byte[20 * 20], 20, 20);
    Graft.Result result = train();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("p2.png", "48×32", "20×20");
  }

  @Test
  void refusesAnEmptyFolder() throws IOException {
    data = Files.createDirectories(folder.resolve("empty"));
    Graft.Result result = train();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("empty", "images/ and masks/");
  }

  @Test
  void refusesAnImageThatCannotBeRead() throws IOException {
    Files.writeString(data.resolve("images/p1.png"), "no picture");
    Graft.Result result = train();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("p1.png", "cannot be decoded");
  }

  @Test
  void listsWhatNoSourceGives() {
    Graft.Result result =
        Graft.run(
            "train",
            "--model",
            "fcn8s",
            "--data",
            data,
            "--weights",
            Graft.golden("head.npz"),
            "--steps",
            1,
            "--out",
            run);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("missing", "vgg16/conv1_1/kernel", "vgg16/fc7/bias");
  }

  @Test
  void saysThatItCannotMakeItsFolder() throws IOException {
    run = Files.writeString(folder.resolve("file"), "").resolve("run");
    Graft.Result result = train();
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("cannot make").doesNotContain("\tat ", "internal error");
  }

  @Test
  void evalNeedsARun() {
    Graft.Result result = Graft.run("eval", folder, "--data", data);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("is no run");
  }
}
