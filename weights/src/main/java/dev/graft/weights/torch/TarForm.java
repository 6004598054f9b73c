package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.WeightStore;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.PyDict;
import dev.graft.weights.pickle.PyList;
import dev.graft.weights.pickle.PyTuple;
import dev.graft.weights.pickle.PythonValues;
import dev.graft.weights.pickle.Unpickler;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code torch.save} of 0.1 wrote: a tar archive of {@code sys_info}, {@code pickle} (the
 * object, with ids for storages and tensors), {@code tensors} and {@code storages}. The last two
 * begin with a pickled count, and each part of them with a pickled tuple; all is little-endian.
 */
final class TarForm {
  /** As many as two headers need. */
  static final int HEAD_BYTES = 4 * TarMembers.BLOCK;

  private static final Set<String> MEMBERS = Set.of("sys_info", "pickle", "tensors", "storages");
  private static final int MAGIC_OFFSET = 257;
  private static final byte[] MAGIC = {'u', 's', 't', 'a', 'r'};
  private static final int TYPE_OFFSET = 156;
  private static final int MAX_RANK = 64;

  private final MappedFile file;
  private final Map<Long, Object> objects = new HashMap<>();
  private final Map<String, StorageRun> runs = new HashMap<>();

  TarForm(MappedFile file) {
    this.file = file;
  }

  /** Whether it is a tar archive whose first member is one of PyTorch's. */
  static boolean isIn(ByteBuffer head) {
    if (!isHeader(head, 0)) {
      return false;
    }
    // Python's tar files have an extended header before a file, of one block most often.
    boolean extended = head.get(TYPE_OFFSET) == 'x' && isHeader(head, 2 * TarMembers.BLOCK);
    return MEMBERS.contains(TarMembers.name(head, extended ? 2 * TarMembers.BLOCK : 0));
  }

  private static boolean isHeader(ByteBuffer head, int at) {
    return head.limit() >= at + TarMembers.BLOCK
        && head.slice(at + MAGIC_OFFSET, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  WeightStore open() {
    Map<String, MappedFile> members = TarMembers.read(file);
    for (String name : MEMBERS) {
      if (!members.containsKey(name)) {
        throw error("has no member " + Printable.of(name));
      }
    }
    Object system = new TarReader(members.get("sys_info")).whole(PersistentIds::none);
    if (!(system instanceof PyDict)) {
      throw error(
          "sys_info is of the type " + PythonValues.kind(system) + ", expected a dictionary");
    }
    readStorages(new TarReader(members.get("storages")));
    readTensors(new TarReader(members.get("tensors")));
    Object root = new TarReader(members.get("pickle")).whole(this::resolve);
    return TorchLayout.store(root, file, storage -> runs.get(storage.key()));
  }

  private Object resolve(Object id, Unpickler machine) {
    String text = PythonValues.string(id).orElse("");
    Object object = text.matches("[0-9]{1,18}") ? objects.get(Long.valueOf(text)) : null;
    if (object == null) {
      throw machine.malformed("the persistent id " + Printable.of(text) + ", which is not there");
    }
    return object;
  }

  private void readStorages(TarReader in) {
    long count = in.count();
    for (long i = 0; i < count; i++) {
      List<Object> head = in.tuple(3);
      if (!(head.get(0) instanceof Long key)
          || !(head.get(2) instanceof StorageType type)
          || type.dtype() == null) {
        throw in.error("a storage's key or class is of an unknown kind");
      }
      StorageRun run = StorageBlock.at(in.member(), in.position(), type, "storage " + key);
      in.skipTo(run.start() + run.length());
      long elements = run.length() / type.dtype().byteSize();
      put(in, key, new TorchStorage(key.toString(), type, elements, 0, elements));
      runs.put(key.toString(), run);
    }
    if (!(in.next() instanceof PyList views)) {
      throw in.error("no list of views stands after the storages");
    }
    for (Object item : views.items()) {
      readView(in, item instanceof PyTuple tuple ? tuple.items() : List.of());
    }
    in.end();
  }

  private void readView(TarReader in, List<Object> view) {
    if (view.size() != 4
        || !(view.get(0) instanceof Long key)
        || !(objects.get(view.get(1)) instanceof TorchStorage root)
        || !(view.get(2) instanceof Long first)
        || !(view.get(3) instanceof Long count)
        || first < 0
        || count < 0
        || first > root.count()
        || count > root.count() - first) {
      throw in.error("a view of a storage does not lie in one");
    }
    put(
        in,
        key,
        new TorchStorage(root.key(), root.type(), root.fileCount(), root.first() + first, count));
  }

  private void readTensors(TarReader in) {
    long count = in.count();
    for (long i = 0; i < count; i++) {
      List<Object> head = in.tuple(3);
      if (!(head.get(0) instanceof Long key)
          || !(objects.get(head.get(1)) instanceof TorchStorage storage)) {
        throw in.error("a tensor's key or storage is not there");
      }
      // Eight bytes, of which PyTorch reads the first four.
      int rank = (int) in.bytes(Long.BYTES).getLong();
      if (rank < 0 || rank > MAX_RANK) {
        throw in.error("a tensor has " + rank + " dimensions, expected 0 to " + MAX_RANK);
      }
      long[] dims = in.longs(rank);
      long[] strides = in.longs(rank);
      long offset = in.longs(1)[0];
      for (int axis = 0; axis < rank; axis++) {
        if (dims[axis] < 0 || strides[axis] < 0) {
          throw in.error("a tensor has a negative dimension or stride");
        }
      }
      try {
        put(in, key, TensorArguments.check(storage, storage.type().dtype(), offset, dims, strides));
      } catch (IllegalArgumentException e) {
        throw in.error(e.getMessage());
      }
    }
    in.end();
  }

  private void put(TarReader in, Long key, Object object) {
    if (objects.put(key, object) != null) {
      throw in.error("the key " + key + " is there twice");
    }
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(file.source() + ": " + problem);
  }
}
