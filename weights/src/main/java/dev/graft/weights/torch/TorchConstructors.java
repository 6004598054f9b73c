package dev.graft.weights.torch;

import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.Constructors;
import dev.graft.weights.pickle.NumpyConstructors;
import dev.graft.weights.pickle.PyDict;
import dev.graft.weights.pickle.PyList;
import dev.graft.weights.pickle.PyNone;
import dev.graft.weights.pickle.PyTuple;
import dev.graft.weights.pickle.PythonValues;
import dev.graft.weights.pickle.Unpickler;
import java.util.Optional;
import java.util.function.Function;

/** What PyTorch's pickles may make: tensors, the plain values around them, and numpy's arrays. */
final class TorchConstructors implements Constructors {
  private final Unpickler machine;
  private final PersistentIds ids;
  private final NumpyConstructors numpy;
  private final TensorArguments tensors;

  private TorchConstructors(Unpickler machine, PersistentIds ids) {
    this.machine = machine;
    this.ids = ids;
    this.numpy = new NumpyConstructors(machine);
    this.tensors = new TensorArguments(machine);
  }

  /** The constructors for a pickle with ids. */
  static Function<Unpickler, Constructors> with(PersistentIds ids) {
    return machine -> new TorchConstructors(machine, ids);
  }

  @Override
  public String allowed() {
    return "only tensors and plain values are read, such as a model's state_dict()";
  }

  @Override
  public Optional<Object> global(String module, String name) {
    // A dot in the name would mean an attribute of an attribute.
    if (name.indexOf('.') >= 0) {
      return Optional.empty();
    }
    String full = module + "." + name;
    String notRead = TorchFunction.notRead(full).orElse(null);
    if (notRead != null) {
      throw machine.malformed(notRead + " (" + full + "), which is not read");
    }
    Optional<Object> function = TorchFunction.named(full).map(Object.class::cast);
    return function
        .or(() -> StorageType.named(module, name))
        .or(() -> TorchDtype.named(module, name))
        .or(() -> TypeName.named(module, name))
        .or(() -> ScriptType.named(module, name))
        .or(() -> numpy.global(module, name));
  }

  @Override
  public Optional<Object> persistent(Object id) {
    return Optional.of(ids.resolve(id, machine));
  }

  @Override
  public Optional<Object> newObject(Object type, PyTuple args) {
    if (type instanceof ScriptType script && args.size() == 0) {
      return Optional.of(new ScriptObject(script));
    }
    return type == TorchFunction.PARAMETER_CLASS
        ? Optional.of(reduce(type, args))
        : Optional.empty();
  }

  @Override
  public Object reduce(Object callable, PyTuple args) {
    if (!(callable instanceof TorchFunction function)) {
      return numpy.reduce(callable, args);
    }
    return switch (function) {
      case TENSOR_V1 -> tensor(function, args, 4, 4);
      case TENSOR_V2 -> tensor(function, args, 6, 7);
      case TENSOR_V3 -> tensor(function, args, 7, 8);
      case PARAMETER, PARAMETER_WITH_STATE, PARAMETER_CLASS ->
          first(function, args, TorchTensor.class);
      case FROM_TYPE -> fromType(args);
      case TENSOR_CLASS -> throw machine.malformed("a torch.Tensor without a storage");
      case SIZE -> first(function, args, PyTuple.class);
      case DEVICE -> device(args);
      case DEFAULT_DICT -> defaultDict(args);
      case COUNTER -> args.size() == 0 ? new PyDict() : first(function, args, PyDict.class);
      case INTS, DOUBLES, BOOLS, TENSORS -> first(function, args, PyList.class);
      case TYPE_TAG -> first(function, args, Object.class);
    };
  }

  @Override
  public void build(Object target, Object state) {
    if (target instanceof ScriptObject object) {
      if (!(state instanceof PyDict attributes)) {
        throw machine.malformed(
            "a state of "
                + Printable.of(object.type().name())
                + " of the type "
                + PythonValues.kind(state)
                + ", expected its attributes");
      }
      object.build(attributes);
      return;
    }
    // Attributes of a dictionary, such as _metadata, and a parameter's flags.
    boolean ignored =
        (target instanceof PyDict && state instanceof PyDict)
            || (target instanceof TorchTensor && state instanceof PyTuple);
    if (!ignored) {
      numpy.build(target, state);
    }
  }

  /**
   * {@code (storage, offset, size, stride)} and, after the first version, {@code requires_grad,
   * backward_hooks}, then in the third version the dtype, then perhaps metadata.
   */
  private TorchTensor tensor(TorchFunction function, PyTuple args, int fewest, int most) {
    if (args.size() < fewest
        || args.size() > most
        || !(args.get(0) instanceof TorchStorage storage)) {
      throw wrongArguments(function);
    }
    if (args.size() > fewest) {
      refuseLazy(args.get(args.size() - 1));
    }
    if (function != TorchFunction.TENSOR_V3) {
      return tensors.tensor(storage, storage.type().dtype(), args);
    }
    if (!(args.get(6) instanceof TorchDtype dtype) || !storage.type().untyped()) {
      throw wrongArguments(function);
    }
    if (dtype.dtype() == null) {
      throw machine.malformed("a tensor of dtype " + dtype + ", which is not read");
    }
    return tensors.tensor(storage, dtype.dtype(), args);
  }

  /** Metadata can say that the elements are still to be negated or conjugated. */
  private void refuseLazy(Object metadata) {
    if (metadata == PyNone.NONE) {
      return;
    }
    if (!(metadata instanceof PyDict dict)) {
      throw machine.malformed("a tensor's metadata that is no dictionary");
    }
    for (String lazy : new String[] {"conj", "neg"}) {
      if (!Boolean.FALSE.equals(dict.entries().getOrDefault(lazy, false))) {
        throw machine.malformed("a tensor that is a lazy view (" + lazy + "), which is not read");
      }
    }
  }

  /** {@code (function, class, arguments, attributes)}: a tensor with attributes. */
  private Object fromType(PyTuple args) {
    boolean plain =
        args.size() == 4
            && args.get(0) instanceof TorchFunction
            && args.get(0) != TorchFunction.FROM_TYPE
            && (args.get(1) == TorchFunction.TENSOR_CLASS
                || args.get(1) == TorchFunction.PARAMETER_CLASS);
    if (plain
        && args.get(2) instanceof PyTuple inner
        && reduce(args.get(0), inner) instanceof TorchTensor tensor) {
      return tensor;
    }
    throw wrongArguments(TorchFunction.FROM_TYPE);
  }

  private Device device(PyTuple args) {
    String type = args.size() == 0 ? null : PythonValues.string(args.get(0)).orElse(null);
    if (type != null && args.size() == 1) {
      return new Device(type);
    }
    if (type != null && args.size() == 2 && args.get(1) instanceof Long index) {
      return new Device(type + ":" + index);
    }
    throw wrongArguments(TorchFunction.DEVICE);
  }

  /** {@code defaultdict(list)}, filled by SETITEMS. */
  private PyDict defaultDict(PyTuple args) {
    boolean plain =
        args.size() == 0
            || (args.size() == 1
                && (args.get(0) instanceof TypeName || args.get(0) == PyNone.NONE));
    if (!plain) {
      throw wrongArguments(TorchFunction.DEFAULT_DICT);
    }
    return new PyDict();
  }

  /** The first argument; the others say nothing about data. */
  private <T> T first(TorchFunction function, PyTuple args, Class<T> type) {
    if (args.size() == 0 || !type.isInstance(args.get(0))) {
      throw wrongArguments(function);
    }
    return type.cast(args.get(0));
  }

  private RuntimeException wrongArguments(TorchFunction function) {
    return machine.malformed("wrong arguments of " + function);
  }
}
