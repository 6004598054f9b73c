package dev.graft.bench.peers;

import dev.graft.bench.NetSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code graft bench peers} measures, by the names on the command line. */
enum Case {
  VGG16_CONVS("VGG16's 13 convolutions and 5 pools, 224x224, batch 1") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(contest(label(), convolutions(size, 1, 224)));
    }
  },
  VGG16_CONVS_BATCH8("the same, batch 8") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(contest(label(), convolutions(size, 8, 224)));
    }
  },
  VGG16_CONVS_512("the same, 512x512, batch 1") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(contest(label(), convolutions(size, 1, 512)));
    }
  },
  VGG16_CLASSIFIER("VGG16 with its fully connected layers, 224x224, batch 1") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(contest(label(), new Stretch(size, 0, 16, false, 1, 224)));
    }
  },
  FCN8S("VGG16-FCN-8s, 512x512, from uint8 to class ids by Graft's predictor") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(
          engines(
              label(),
              (engine, setting) ->
                  new PredictorContestant(engine, setting.size(), setting.threads())));
    }
  },
  TRAIN_STEP("a training step of VGG16-FCN-8s, 224x224, batch 4, Adam") {
    @Override
    List<Contest> contests(NetSize size) {
      List<Contest> contests = new ArrayList<>();
      for (String backbone : List.of("trained", "frozen")) {
        contests.add(
            engines(
                label() + " " + backbone,
                (engine, setting) ->
                    new TrainContestant(engine, backbone, setting.size(), setting.threads())));
      }
      return contests;
    }
  },
  OP_OVERHEAD("a call of a session with one operation on one number") {
    @Override
    List<Contest> contests(NetSize size) {
      return List.of(new Contest(label(), 0, Optional.empty(), OneOpContestant::all));
    }
  },
  /** The first two layers run in one pass, which cannot be fed with the output of the first. */
  LAYERS(
      "each layer of VGG16 alone, 224x224, the second with the first, and fc6 of an FCN at 512x512,"
          + " batch 1") {
    @Override
    List<Contest> contests(NetSize size) {
      List<Contest> contests = new ArrayList<>();
      int pixels = 224;
      List<VggLayer> layers = VggLayer.all(size, false);
      for (int i = 0; i < layers.size(); i++) {
        int from = i == 1 ? 0 : i;
        contests.add(layer("", new Stretch(size, from, i + 1, false, 1, pixels)));
        pixels = layers.get(i).reduced(pixels);
      }
      contests.add(layer("fcn ", new Stretch(size, FC6, FC6 + 1, true, 1, 16)));
      return contests;
    }
  };

  /** How many convolutions there are, and so the index of fc6. */
  private static final int FC6 = 13;

  private final String description;

  Case(String description) {
    this.description = description;
  }

  /** The case of this name in lower case, with hyphens. */
  static Case of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no case '" + label + "'; the cases are " + labels()));
  }

  /** The names of all cases. */
  static List<String> labels() {
    return Arrays.stream(values()).map(Case::label).toList();
  }

  /** Its name on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String description() {
    return description;
  }

  /** What is to be measured, in order. */
  abstract List<Contest> contests(NetSize size);

  private static Stretch convolutions(NetSize size, int batch, int pixels) {
    return new Stretch(size, 0, FC6, true, batch, size.pixels(pixels));
  }

  private static Contest contest(String name, Stretch stretch) {
    return new Contest(name, 1, Optional.empty(), setting -> Contestants.of(stretch, setting));
  }

  private static Contest layer(String prefix, Stretch stretch) {
    return new Contest(
        prefix + stretch.label(),
        1,
        Optional.of(stretch.work()),
        setting -> Contestants.of(stretch, setting));
  }

  private static Contest engines(String name, Contestants.OfEngine contestant) {
    return new Contest(
        name, 0, Optional.empty(), setting -> Contestants.engines(setting, contestant));
  }
}
