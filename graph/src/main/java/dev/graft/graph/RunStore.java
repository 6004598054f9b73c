package dev.graft.graph;

import dev.graft.capi.CheckpointReader;
import dev.graft.capi.DataType;
import dev.graft.capi.Tensor;
import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The parameters of a run: variables from a checkpoint, frozen ones from their files. */
final class RunStore implements WeightStore {
  private final Path checkpoint;
  private final CheckpointReader reader;
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();

  private RunStore(RunFolder run, Path checkpoint) {
    this.checkpoint = checkpoint;
    this.reader = new CheckpointReader(checkpoint.resolve(Checkpoint.PREFIX).toString());
    for (Constant constant : run.frozen().values()) {
      arrays.put(constant.name(), new ConstantArray(constant));
    }
    for (String name : reader.names()) {
      if (name.endsWith("/kernel") || name.endsWith("/bias")) {
        arrays.put(name, new VariableArray(name));
      }
    }
  }

  static RunStore open(Path path) {
    if (RunFolder.isRun(path)) {
      RunFolder run = new RunFolder(path);
      Path checkpoint =
          run.best()
              .or(run::last)
              .orElseThrow(
                  () -> new MalformedWeightsException(path + ": the run has no checkpoint yet"));
      return new RunStore(run, checkpoint);
    }
    Path run = path.toAbsolutePath().getParent().getParent();
    return new RunStore(new RunFolder(run), path);
  }

  @Override
  public String source() {
    return checkpoint.toString();
  }

  @Override
  public List<String> names() {
    return List.copyOf(arrays.keySet());
  }

  @Override
  public boolean contains(String name) {
    return arrays.containsKey(name);
  }

  @Override
  public WeightArray get(String name) {
    WeightArray array = arrays.get(name);
    if (array == null) {
      throw new NoSuchElementException(checkpoint + " has no array '" + name + "'");
    }
    return array;
  }

  @Override
  public void close() {
    for (WeightArray array : arrays.values()) {
      if (array instanceof VariableArray variable) {
        variable.close();
      }
    }
    reader.close();
  }

  /** A variable in the checkpoint, read when its values are first wanted. */
  private final class VariableArray implements WeightArray, AutoCloseable {
    private final String name;
    private final DType dtype;
    private final Shape shape;
    private Tensor tensor;

    VariableArray(String name) {
      this.name = name;
      DataType type = reader.dataType(name);
      this.dtype = TensorArray.dtype(type);
      this.shape = Shape.of(reader.shape(name));
    }

    private synchronized TensorArray values() {
      if (tensor == null) {
        tensor = reader.read(name);
      }
      return new TensorArray(tensor);
    }

    @Override
    public DType dtype() {
      return dtype;
    }

    @Override
    public Shape shape() {
      return shape;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      values().read(offset, dst);
    }

    @Override
    public Optional<ByteBuffer> view() {
      return values().view();
    }

    @Override
    public synchronized void close() {
      if (tensor != null) {
        tensor.close();
      }
    }
  }

  /** A frozen parameter in its file. */
  private record ConstantArray(Constant constant) implements WeightArray {
    @Override
    public DType dtype() {
      return DType.FLOAT32;
    }

    @Override
    public Shape shape() {
      return constant.shape();
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      try (FileChannel channel = FileChannel.open(constant.file(), StandardOpenOption.READ)) {
        while (dst.hasRemaining()) {
          int count = channel.read(dst, offset);
          if (count < 0) {
            throw new MalformedWeightsException(constant.file() + ": ends before its last value");
          }
          offset += count;
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public Optional<ByteBuffer> view() {
      try (FileChannel channel = FileChannel.open(constant.file(), StandardOpenOption.READ)) {
        ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, constant.byteSize());
        return Optional.of(mapped.order(ByteOrder.LITTLE_ENDIAN));
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public Optional<FileRegion> region() {
      return Optional.of(new FileRegion(constant.file(), 0, constant.byteSize()));
    }

    private UncheckedIOException failed(IOException e) {
      return new UncheckedIOException("cannot read " + constant.file() + ": " + e.getMessage(), e);
    }
  }
}
