package dev.graft.graph;

import dev.graft.capi.DataType;
import dev.graft.capi.Operation;
import dev.graft.capi.OperationBuilder;
import dev.graft.capi.Output;
import dev.graft.capi.Session;
import dev.graft.capi.Tensor;
import dev.graft.capi.TensorFlowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Saves and restores the variables of a training graph: parameters, slots, the step, and with them
 * the seed and the hash of the frozen weights that belong to them. Random numbers are a function of
 * seed and step, so these are the whole state of a run.
 *
 * <p>A checkpoint is a folder with TensorFlow's V2 files. It is written under a temporary name and
 * renamed, so it is whole or not there.
 */
public final class Checkpoint {
  /** The prefix of the files in a checkpoint's folder. */
  static final String PREFIX = "variables";

  private static final String FROZEN_HASH = "graft/frozen_sha256";
  private static final String SEED = "graft/seed";

  private final TrainingGraph graph;
  private final String frozenHash;
  private final Output prefix;
  private final Operation save;
  private final Output savedHash;
  private final Output savedSeed;
  private final Operation restore;

  /**
   * Adds the operations to a training graph.
   *
   * @param frozen the constants of the graph
   */
  public Checkpoint(TrainingGraph graph, Collection<Constant> frozen) {
    this.graph = graph;
    this.frozenHash = hash(frozen);
    Ops ops = graph.ops().withScope("checkpoint");
    prefix = ops.placeholder("prefix", DataType.STRING);
    List<Variable> variables = graph.checkpointed();
    List<String> names = new ArrayList<>(variables.stream().map(Variable::name).toList());
    List<Output> values = new ArrayList<>(variables.stream().map(Variable::read).toList());
    names.add(FROZEN_HASH);
    values.add(ops.constant("frozen_sha256", Tensor.of(frozenHash)));
    names.add(SEED);
    values.add(ops.constant("seed", Tensor.of(graph.seed())));
    save =
        ops.op("SaveV2", "save")
            .input(prefix)
            .input(names(ops, "save_names", names))
            .input(slices(ops, "save_slices", names.size()))
            .inputs(values.toArray(Output[]::new))
            .finish();
    List<Operation> assigns = new ArrayList<>();
    for (Variable variable : variables) {
      Ops in = ops.withScope("restore/" + variable.name());
      assigns.add(
          in.assign("assign", variable.handle(), read(in, variable.name(), variable.type())));
    }
    restore = ops.group("restore_all", assigns);
    savedHash = read(ops.withScope("read_hash"), FROZEN_HASH, DataType.STRING);
    savedSeed = read(ops.withScope("read_seed"), SEED, DataType.INT64);
  }

  private Output read(Ops ops, String name, DataType type) {
    OperationBuilder builder =
        ops.op("RestoreV2", "read")
            .input(prefix)
            .input(names(ops, "name", List.of(name)))
            .input(slices(ops, "slice", 1))
            .attrTypes("dtypes", type);
    return builder.output();
  }

  private static Output names(Ops ops, String name, List<String> names) {
    return ops.constant(name, Tensor.of(names.toArray(String[]::new)));
  }

  private static Output slices(Ops ops, String name, int count) {
    String[] empty = new String[count];
    Arrays.fill(empty, "");
    return ops.constant(name, Tensor.of(empty));
  }

  /** One hash of all frozen parameters: of their names, shapes and bytes. */
  public static String hash(Collection<Constant> frozen) {
    TreeMap<String, Constant> sorted = new TreeMap<>();
    frozen.forEach(constant -> sorted.put(constant.name(), constant));
    MessageDigest digest = ConstantsCache.digest();
    sorted.forEach(
        (name, constant) ->
            digest.update(
                (name + " " + constant.shape() + " " + constant.sha256() + "\n")
                    .getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Saves into a folder, which appears when it is complete.
   *
   * @throws UncheckedIOException where it cannot be written, for want of space for example
   */
  public void save(Session session, Path folder) {
    Path temporary = folder.resolveSibling(folder.getFileName() + ".writing");
    try {
      deleteTree(temporary);
      Files.createDirectories(temporary);
      try (Tensor path = Tensor.of(temporary.resolve(PREFIX).toString())) {
        session.runner().feed(prefix, path).target(save).run();
      }
      try (Stream<Path> files = Files.list(temporary)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
      deleteTree(folder);
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(folder, temporary, e);
    } catch (TensorFlowException e) {
      throw failed(folder, temporary, new IOException(e.reason(), e));
    }
  }

  /** The half-written files are removed: they may be what fills the disk. */
  private static UncheckedIOException failed(Path folder, Path temporary, IOException e) {
    try {
      deleteTree(temporary);
    } catch (IOException alsoFailed) {
      e.addSuppressed(alsoFailed);
    }
    return new UncheckedIOException(
        "cannot write the checkpoint " + folder + ": " + e.getMessage(), e);
  }

  /**
   * Restores all variables.
   *
   * @throws GraphException where the checkpoint belongs to other frozen weights or another seed
   */
  public void restore(Session session, Path folder) {
    try (Tensor path = Tensor.of(folder.resolve(PREFIX).toString());
        Tensor hash = session.runner().feed(prefix, path).fetch(savedHash).runOne();
        Tensor seed = session.runner().feed(prefix, path).fetch(savedSeed).runOne()) {
      if (!hash.toStrings()[0].equals(frozenHash)) {
        throw new GraphException(
            "the checkpoint "
                + folder
                + " was made with other frozen weights: expected their hash "
                + frozenHash
                + ", found "
                + hash.toStrings()[0]);
      }
      if (seed.toLongs()[0] != graph.seed()) {
        throw new GraphException(
            "the checkpoint "
                + folder
                + " was made with another seed: expected "
                + graph.seed()
                + ", found "
                + seed.toLongs()[0]);
      }
      session.runner().feed(prefix, path).target(restore).run();
    }
  }

  /** Deletes a folder with files in it, if it is there. */
  static void deleteTree(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
