package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.io.Printable;
import dev.graft.weights.npy.NumpyType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What numpy's arrays, scalars and dtypes need; ordered dictionaries too. */
public final class NumpyConstructors implements Constructors {
  private static final Set<String> LATIN1 = Set.of("latin1", "latin-1");
  private static final int MAX_RANK = 64;

  /** Short, for there can be hundreds of thousands of them. */
  private static final Pattern DTYPE_CODE = Pattern.compile("[A-Za-z0-9?]{1,16}");

  private final PickleInput input;
  private final Unpickler machine;

  public NumpyConstructors(Unpickler machine) {
    this.input = machine.input();
    this.machine = machine;
  }

  @Override
  public String allowed() {
    return "only numpy's arrays are read";
  }

  @Override
  public Optional<Object> global(String module, String name) {
    return NumpyGlobal.named(module, name).map(Object.class::cast);
  }

  @Override
  public Object reduce(Object callable, PyTuple args) {
    if (!(callable instanceof NumpyGlobal global)) {
      throw input.malformed("a call of something that is no function");
    }
    return switch (global) {
      case RECONSTRUCT -> reconstruct(args);
      case DTYPE -> dtype(args);
      case SCALAR -> scalar(args);
      case FROM_BUFFER -> fromBuffer(args);
      case ENCODE -> encode(args);
      case BYTES -> emptyBytes(args);
      case ORDERED_DICT -> orderedDict(args);
      case NDARRAY -> throw machine.unsafe("call numpy.ndarray, which is never called by numpy");
    };
  }

  @Override
  public void build(Object target, Object state) {
    if (!(state instanceof PyTuple fields)) {
      throw input.malformed("a state that is no tuple");
    }
    if (target instanceof PyArray array) {
      buildArray(array, fields);
    } else if (target instanceof PyDtype dtype) {
      buildDtype(dtype, fields);
    } else {
      throw input.malformed("a state for something other than an array or a dtype");
    }
  }

  /** {@code _reconstruct(ndarray, (0,), b'b')}: an array whose state follows. */
  private PyArray reconstruct(PyTuple args) {
    if (args.size() != 3 || args.get(0) != NumpyGlobal.NDARRAY) {
      throw input.malformed("wrong arguments of _reconstruct");
    }
    return new PyArray();
  }

  /** {@code dtype('f4', False, True)}. */
  private PyDtype dtype(PyTuple args) {
    if (args.size() < 1 || args.size() > 3 || !(args.get(0) instanceof PickleString code)) {
      throw input.malformed("wrong arguments of dtype");
    }
    String text = code.text();
    if (!DTYPE_CODE.matcher(text).matches()) {
      throw input.malformed("the dtype " + Printable.of(text) + ", expected a code such as f4");
    }
    return new PyDtype(text);
  }

  /** {@code scalar(dtype, b'…')}. Integers become int64, as Python's own do. */
  private PyArray scalar(PyTuple args) {
    if (args.size() != 2
        || !(args.get(0) instanceof PyDtype dtype)
        || !(args.get(1) instanceof PickleString bytes)
        || !bytes.isBytes()) {
      throw input.malformed("wrong arguments of scalar");
    }
    PyArray.State state = numericOrOther(dtype, Shape.of(), false, bytes);
    if (state instanceof PyArray.Numeric numeric) {
      return new PyArray(new PyArray.Numeric(PythonScalars.widened(numeric.array())));
    }
    return new PyArray(state);
  }

  /** {@code _frombuffer(buffer, dtype, shape, order)}. */
  private PyArray fromBuffer(PyTuple args) {
    if (args.size() != 4
        || !(args.get(0) instanceof PickleString bytes)
        || !bytes.isBytes()
        || !(args.get(1) instanceof PyDtype dtype)
        || !(args.get(3) instanceof PickleString order)) {
      throw input.malformed("wrong arguments of _frombuffer");
    }
    String orderName = order.text();
    if (!orderName.equals("C") && !orderName.equals("F")) {
      throw input.malformed("an array of order " + Printable.of(orderName) + ", expected C or F");
    }
    boolean fortran = orderName.equals("F");
    return new PyArray(numericOrOther(dtype, shape(args.get(2)), fortran, bytes));
  }

  /** {@code encode('…', 'latin1')}. */
  private PickleString encode(PyTuple args) {
    if (args.size() != 2
        || !(args.get(0) instanceof PickleString text)
        || (text.isBytes() && text.rawLength() > 0)
        || !(args.get(1) instanceof PickleString encoding)) {
      throw input.malformed("wrong arguments of _codecs.encode");
    }
    String name = encoding.text();
    if (!LATIN1.contains(name)) {
      throw input.malformed("a string encoded as " + Printable.of(name) + ", expected latin1");
    }
    return text.encoded();
  }

  /** {@code bytes()}. */
  private PickleString emptyBytes(PyTuple args) {
    if (args.size() != 0) {
      throw input.malformed("arguments of bytes, expected none");
    }
    return new PickleString(input, input.position(), 0, StringCoding.RAW, true);
  }

  /** {@code OrderedDict()}, filled by SETITEMS, or with a list of pairs, as Python 2 writes it. */
  private PyDict orderedDict(PyTuple args) {
    PyDict dict = new PyDict();
    if (args.size() > 1 || (args.size() == 1 && !(args.get(0) instanceof PyList))) {
      throw input.malformed("wrong arguments of OrderedDict");
    }
    if (args.size() == 1 && args.get(0) instanceof PyList pairs) {
      for (Object pair : pairs.items()) {
        List<Object> items = Constructors.sequence(pair).orElse(List.of());
        if (items.size() != 2) {
          throw input.malformed("an OrderedDict entry that is no pair");
        }
        machine.put(dict, items.get(0), items.get(1));
      }
    }
    return dict;
  }

  /** State {@code (version, shape, dtype, is_fortran, bytes or list)}. */
  private void buildArray(PyArray array, PyTuple state) {
    if (array.state() != null) {
      throw input.malformed("a second state for an array");
    }
    int first = state.size() - 4;
    if (first < 0
        || first > 1
        || !(state.get(first + 1) instanceof PyDtype dtype)
        || (first == 1 && !Long.valueOf(1).equals(state.get(0)))) {
      throw input.malformed("an array state of an unknown kind");
    }
    Shape shape = shape(state.get(first));
    boolean fortran = flag(state.get(first + 2));
    Object data = state.get(first + 3);
    if (dtype.isObject()) {
      array.build(objects(shape, data));
    } else if (data instanceof PickleString bytes && bytes.isBytes()) {
      array.build(numericOrOther(dtype, shape, fortran, bytes));
    } else {
      throw input.malformed("an array of " + dtype + " " + shape + " without bytes");
    }
  }

  private PyArray.Objects objects(Shape shape, Object data) {
    if (!(data instanceof PyList list)) {
      throw input.malformed("an object array without a list of objects");
    }
    if (list.items().size() != shape.elementCount()) {
      throw input.malformed(
          "an object array of shape " + shape + " with " + list.items().size() + " objects");
    }
    return new PyArray.Objects(shape, list.items());
  }

  private PyArray.State numericOrOther(
      PyDtype dtype, Shape shape, boolean fortran, PickleString bytes) {
    Optional<NumpyType> numeric = dtype.numeric();
    if (numeric.isEmpty()) {
      return new PyArray.Other(dtype.toString());
    }
    NumpyType type = numeric.get();
    long size;
    try {
      size = Math.multiplyExact(shape.elementCount(), (long) type.dtype().byteSize());
    } catch (ArithmeticException e) {
      throw input.malformed("an array of shape " + shape + ", more bytes than any file can have");
    }
    if (!bytes.mayHold(size)) {
      throw input.malformed(
          "an array of "
              + type.dtype()
              + " "
              + shape
              + ", "
              + size
              + " bytes, with "
              + bytes.byteLength()
              + " bytes of data");
    }
    return PyArray.numeric(type, shape, fortran, bytes);
  }

  private boolean flag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof Long number && (number == 0 || number == 1)) {
      return number == 1;
    }
    throw input.malformed("a memory order that is neither true nor false");
  }

  private Shape shape(Object value) {
    if (!(value instanceof PyTuple tuple)) {
      throw input.malformed("a shape that is no tuple");
    }
    if (tuple.size() > MAX_RANK) {
      throw input.malformed(
          "a shape of " + tuple.size() + " dimensions, expected at most " + MAX_RANK);
    }
    long[] dims = new long[tuple.size()];
    for (int axis = 0; axis < dims.length; axis++) {
      if (!(tuple.get(axis) instanceof Long dim) || dim < 0) {
        throw input.malformed("a dimension that is no whole number of at least 0");
      }
      dims[axis] = dim;
    }
    try {
      return Shape.of(dims);
    } catch (ArithmeticException e) {
      throw new MalformedWeightsException(
          input.malformed("a shape of more elements than fit a long").getMessage());
    }
  }

  /**
   * State {@code (3, '<', subdtype, names, fields, size, alignment, flags)}, or version 4 with the
   * metadata after it.
   */
  private void buildDtype(PyDtype dtype, PyTuple state) {
    boolean known =
        (state.size() == 8 && Long.valueOf(3).equals(state.get(0)))
            || (state.size() == 9 && Long.valueOf(4).equals(state.get(0)));
    if (!known || !(state.get(1) instanceof PickleString order)) {
      throw input.malformed("a dtype state of an unknown kind");
    }
    String orderName = order.text();
    if (orderName.length() != 1 || "<>|=".indexOf(orderName.charAt(0)) < 0) {
      throw input.malformed("the byte order " + Printable.of(orderName) + ", expected one of <>|=");
    }
    boolean plain =
        state.get(2) == PyNone.NONE && state.get(3) == PyNone.NONE && state.get(4) == PyNone.NONE;
    dtype.build(orderName.charAt(0), !plain, fieldNames(state.get(3)));
  }

  private static List<String> fieldNames(Object names) {
    return Constructors.sequence(names).orElse(List.of()).stream()
        .limit(PyDtype.MAX_SHOWN_FIELDS)
        .map(name -> name instanceof PickleString text ? text.text() : "?")
        .toList();
  }
}
