package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Failures.Failed;
import dev.graft.graph.RunFolder;
import dev.graft.train.TrainConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From options to the settings of a run, and back to what differs. */
final class TrainSettings {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DEFAULT_IGNORE_LABEL = 255;
  private static final long DEFAULT_STEPS = 1000;
  private static final float DEFAULT_LEARNING_RATE = 1e-4f;
  private static final float DEFAULT_MOMENTUM = 0.9f;
  private static final float DEFAULT_WEIGHT_DECAY = 5e-4f;
  private static final float DEFAULT_DROPOUT = 0.5f;

  /** What may not change when a run goes on: the settings by their name in run.json. */
  private static final Map<String, String> FIXED = new LinkedHashMap<>();

  static {
    FIXED.put("model", "--model");
    FIXED.put("data", "--data");
    FIXED.put("masks", "--masks");
    FIXED.put("weights", "--weights");
    FIXED.put("exclude", "--exclude");
    FIXED.put("init", "--init");
    FIXED.put("freeze", "--freeze");
    FIXED.put("classes", "--classes");
    FIXED.put("ignoreLabel", "--ignore-label");
    FIXED.put("batch", "--batch");
    FIXED.put("optimizer", "--optimizer");
    FIXED.put("learningRate", "--learning-rate");
    FIXED.put("momentum", "--momentum");
    FIXED.put("weightDecay", "--weight-decay");
    FIXED.put("dropout", "--dropout");
    FIXED.put("cropHeight", "--crop (height)");
    FIXED.put("cropWidth", "--crop (width)");
    FIXED.put("augment", "--augment");
    FIXED.put("shuffle", "--no-shuffle");
    FIXED.put("classWeights", "--class-weights");
    FIXED.put("seed", "--seed");
    FIXED.put("threads", "--threads");
  }

  private TrainSettings() {}

  /** The settings of a run in a folder, as {@code train} wrote them down. */
  static TrainConfig of(RunFolder run) {
    try {
      return MAPPER.treeToValue(run.settings(), TrainConfig.class);
    } catch (JsonProcessingException e) {
      throw new Failed(
          run.settingsFile() + ": is not a run's settings: " + e.getOriginalMessage(), e);
    }
  }

  /** Settings of a new run, where the user says nothing. */
  static TrainConfig defaults(boolean cropped) {
    return new TrainConfig(
        "",
        "",
        "",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        List.of(),
        DEFAULT_IGNORE_LABEL,
        DEFAULT_STEPS,
        1,
        "adam",
        DEFAULT_LEARNING_RATE,
        DEFAULT_MOMENTUM,
        DEFAULT_WEIGHT_DECAY,
        DEFAULT_DROPOUT,
        0,
        0,
        cropped ? List.of("flip", "crop") : List.of("flip"),
        true,
        List.of(),
        1,
        0,
        0);
  }

  /**
   * The settings with what the user has said.
   *
   * @param weights as run.json has them; empty where none are given
   * @param classWeights empty where none are given
   */
  static TrainConfig with(
      TrainConfig base, TrainOptions o, List<String> weights, List<Float> classWeights) {
    return new TrainConfig(
        o.model == null ? base.model() : o.model.toString(),
        o.data == null ? base.data() : o.data.toAbsolutePath().normalize().toString(),
        or(o.masks, base.masks()),
        weights.isEmpty() ? base.weights() : weights,
        or(o.exclude, base.exclude()),
        or(o.init, base.init()),
        or(o.freeze, base.freeze()),
        or(o.classes, base.classes()),
        base.classNames(),
        or(o.ignoreLabel, base.ignoreLabel()),
        or(o.steps, base.steps()),
        or(o.batch, base.batch()),
        or(o.optimizer, base.optimizer()),
        or(o.learningRate, base.learningRate()),
        or(o.momentum, base.momentum()),
        or(o.weightDecay, base.weightDecay()),
        or(o.dropout, base.dropout()),
        o.crop == null ? base.cropHeight() : o.crop.height(),
        o.crop == null ? base.cropWidth() : o.crop.width(),
        o.augment == null ? base.augment() : augment(o.augment),
        o.noShuffle == null ? base.shuffle() : !o.noShuffle,
        classWeights.isEmpty() ? base.classWeights() : classWeights,
        or(o.seed, base.seed()),
        or(o.evalEvery, base.evalEvery()),
        or(o.threads, base.threads()));
  }

  private static <T> T or(T chosen, T otherwise) {
    return chosen == null ? otherwise : chosen;
  }

  private static List<String> augment(List<String> names) {
    return names.stream().filter(name -> !name.equals("none")).toList();
  }

  /** One line for each setting that a run cannot change. */
  static Optional<String> conflict(TrainConfig saved, TrainConfig wanted, RunFolder run) {
    JsonNode before = MAPPER.valueToTree(saved);
    JsonNode now = MAPPER.valueToTree(wanted);
    List<String> lines = new ArrayList<>();
    FIXED.forEach(
        (name, option) -> {
          if (!before.get(name).equals(now.get(name))) {
            lines.add(
                option + ": the run has " + before.get(name) + ", the option is " + now.get(name));
          }
        });
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the run "
                + run.path()
                + " cannot go on with other settings:\n  "
                + String.join("\n  ", lines));
  }
}
