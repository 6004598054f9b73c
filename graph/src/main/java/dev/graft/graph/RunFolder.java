package dev.graft.graph;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a training run:
 *
 * <pre>
 * run.json              model, classes and all settings
 * frozen.txt            SHA-256, shape and name of each frozen parameter
 * frozen/HASH.bin       their bytes
 * checkpoints/step-N/   TensorFlow V2 files of the variables after step N
 * checkpoints/last      the name of the newest checkpoint
 * checkpoints/best      the name of the one with the best validation
 * metrics.jsonl         one object a step
 * events/               for TensorBoard
 * </pre>
 */
public final class RunFolder {
  private static final String STEP = "step-";

  private final Path folder;

  /** A run in this folder, there or not. */
  public RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Whether there is a run in the folder. */
  public static boolean isRun(Path folder) {
    return Files.isRegularFile(folder.resolve("run.json"));
  }

  /** The folder itself. */
  public Path path() {
    return folder;
  }

  /** {@code run.json}. */
  public Path settingsFile() {
    return folder.resolve("run.json");
  }

  /** {@code metrics.jsonl}. */
  public Path metricsFile() {
    return folder.resolve("metrics.jsonl");
  }

  /** The event files' folder. */
  public Path eventsFolder() {
    return folder.resolve("events");
  }

  /**
   * The settings.
   *
   * @throws MalformedWeightsException where {@code run.json} is not JSON
   */
  public JsonNode settings() {
    try {
      return new ObjectMapper().readTree(settingsFile().toFile());
    } catch (JacksonException e) {
      throw new MalformedWeightsException(
          settingsFile() + ": expected JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + settingsFile() + ": " + e.getMessage(), e);
    }
  }

  /** The model that was trained. */
  public Model model() {
    try {
      return Model.of(settings().path("model").asText());
    } catch (IllegalArgumentException e) {
      throw new MalformedWeightsException(settingsFile() + ": " + e.getMessage());
    }
  }

  /** Where the checkpoint after a step is or will be. */
  public Path checkpoint(long step) {
    return checkpoints().resolve(String.format("%s%08d", STEP, step));
  }

  /** The step of a checkpoint's folder. */
  public static long stepOf(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring(STEP.length()));
  }

  /** The newest checkpoint that is whole. */
  public Optional<Path> last() {
    return pointer("last").or(() -> all().stream().reduce((first, second) -> second));
  }

  /** The checkpoint with the best validation. */
  public Optional<Path> best() {
    return pointer("best");
  }

  /** Makes a checkpoint the newest one. */
  public void setLast(Path checkpoint) {
    AtomicFiles.write(checkpoints().resolve("last"), checkpoint.getFileName() + "\n");
  }

  /** Makes a checkpoint the best one. */
  public void setBest(Path checkpoint) {
    AtomicFiles.write(checkpoints().resolve("best"), checkpoint.getFileName() + "\n");
  }

  /** Deletes all checkpoints but the best and the last, and what killed processes left. */
  public void prune() {
    List<Path> keep = new ArrayList<>();
    last().ifPresent(keep::add);
    best().ifPresent(keep::add);
    try (Stream<Path> entries = Files.list(checkpoints())) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (Files.isDirectory(entry) && !keep.contains(entry)) {
          Checkpoint.deleteTree(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy " + checkpoints() + ": " + e.getMessage(), e);
    }
  }

  /** Puts the frozen parameters into the run, so that it does not depend on any cache. */
  public Map<String, Constant> keepFrozen(Collection<Constant> frozen) {
    Map<String, Constant> kept = new LinkedHashMap<>();
    try {
      Files.createDirectories(frozenFolder());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + frozenFolder() + ": " + e.getMessage(), e);
    }
    StringBuilder text = new StringBuilder();
    for (Constant constant : frozen) {
      kept.put(constant.name(), ConstantsCache.place(constant, frozenFolder()));
      String shape =
          Arrays.stream(constant.shape().dims())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(","));
      text.append(constant.sha256()).append(' ').append(shape).append(' ');
      text.append(constant.name()).append('\n');
    }
    AtomicFiles.write(frozenFile(), text.toString());
    return kept;
  }

  /**
   * The frozen parameters of the run.
   *
   * @throws MalformedWeightsException where the list is broken, or a file is missing or of another
   *     length
   */
  public Map<String, Constant> frozen() {
    Map<String, Constant> result = new LinkedHashMap<>();
    int number = 0;
    for (String line : frozenLines()) {
      number++;
      String[] parts = line.split(" ");
      if (parts.length != 3 || !parts[0].matches("[0-9a-f]{64}")) {
        throw malformed(number, "expected 'SHA-256 SHAPE NAME', found '" + line + "'");
      }
      Shape shape;
      try {
        shape = Shape.of(Arrays.stream(parts[1].split(",")).mapToLong(Long::parseLong).toArray());
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw malformed(number, "expected dimensions, found '" + parts[1] + "'");
      }
      Path file = frozenFolder().resolve(parts[0] + ".bin");
      Constant constant = new Constant(parts[2], shape, file, parts[0]);
      if (file.toFile().length() != constant.byteSize()) {
        throw malformed(
            number,
            file + " must have " + constant.byteSize() + " bytes, has " + file.toFile().length());
      }
      result.put(constant.name(), constant);
    }
    return result;
  }

  /**
   * Reads every frozen parameter and compares its hash.
   *
   * @throws MalformedWeightsException naming the first file whose bytes have changed
   */
  public void verifyFrozen() {
    frozen().values().parallelStream()
        .forEach(
            constant -> {
              String actual = ConstantsCache.sha256(constant.file());
              if (!actual.equals(constant.sha256())) {
                throw new MalformedWeightsException(
                    constant.file() + ": its bytes have changed: their SHA-256 is " + actual);
              }
            });
  }

  private List<String> frozenLines() {
    try {
      return Files.exists(frozenFile()) ? Files.readAllLines(frozenFile()) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + frozenFile() + ": " + e.getMessage(), e);
    }
  }

  private MalformedWeightsException malformed(int line, String message) {
    return new MalformedWeightsException(frozenFile() + ", line " + line + ": " + message);
  }

  private Optional<Path> pointer(String name) {
    Path file = checkpoints().resolve(name);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Path checkpoint = checkpoints().resolve(Files.readString(file).strip());
      return isWhole(checkpoint) ? Optional.of(checkpoint) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** All whole checkpoints, oldest first. */
  private List<Path> all() {
    if (!Files.isDirectory(checkpoints())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(checkpoints())) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches(STEP + "[0-9]+"))
          .filter(RunFolder::isWhole)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + checkpoints() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a folder is a checkpoint in a run. */
  static boolean isCheckpoint(Path folder) {
    Path checkpoints = folder.toAbsolutePath().getParent();
    return checkpoints != null
        && checkpoints.getParent() != null
        && isRun(checkpoints.getParent())
        && isWhole(folder);
  }

  /** A checkpoint's folder is renamed when it is complete, so its index tells that it is whole. */
  static boolean isWhole(Path checkpoint) {
    return Files.isRegularFile(checkpoint.resolve(Checkpoint.PREFIX + ".index"));
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  private Path frozenFolder() {
    return folder.resolve("frozen");
  }

  private Path frozenFile() {
    return folder.resolve("frozen.txt");
  }
}
