package dev.graft.weights.pickle;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The pickle machine, for data only: a function, class or object from outside is what the
 * container's {@link Constructors} make of it, or refused by its name. Nothing is recursive,
 * strings stay in the file, and the number of opcodes is limited, so that no file takes more than
 * some fifty megabytes of heap. For one pickle and one thread.
 */
public final class Unpickler {
  /**
   * Forty opcodes make an array: enough for thousands of them. Each takes up to 100 bytes of heap.
   */
  private static final int MAX_OPCODES = 300_000;

  /** All keys of dictionaries together, in characters. */
  private static final int MAX_KEY_CHARS = 1 << 22;

  private static final int HIGHEST_PROTOCOL = 5;

  private final PickleInput input;
  private final PickleLiterals literals;
  private final Constructors constructors;
  private final MarkedStack stack;
  private final Map<Long, Object> memo = new HashMap<>();
  private int keyChars;
  private int entryCount;

  private Unpickler(MappedFile file, long start, Function<Unpickler, Constructors> constructors) {
    this.input = new PickleInput(file, start);
    this.literals = new PickleLiterals(input);
    this.stack = new MarkedStack(input);
    this.constructors = constructors.apply(this);
  }

  /**
   * A pickle's value.
   *
   * @param end the offset of the byte after the pickle
   */
  public record Loaded(Object value, long end) {}

  /** The value of the pickle that lies in the file from {@code start} to exactly its end. */
  static Object load(MappedFile file, long start) {
    return load(file, start, NumpyConstructors::new);
  }

  /**
   * The value of the pickle that lies in the file from {@code start} to exactly its end.
   *
   * @throws MalformedWeightsException where it is broken
   * @throws UnsafeWeightsException where it wants more than the constructors allow
   */
  public static Object load(
      MappedFile file, long start, Function<Unpickler, Constructors> constructors) {
    Unpickler machine = new Unpickler(file, start, constructors);
    Object value = machine.run();
    if (machine.input.remaining() > 0) {
      throw machine.malformed(
          "its end, with " + machine.input.remaining() + " trailing bytes after it");
    }
    return value;
  }

  /** The pickle that begins at {@code start}; more may follow it. Throws as {@link #load} does. */
  public static Loaded loadNext(
      MappedFile file, long start, Function<Unpickler, Constructors> constructors) {
    Unpickler machine = new Unpickler(file, start, constructors);
    Object value = machine.run();
    return new Loaded(value, machine.input.position());
  }

  /** A broken pickle; the message gives the place of the opcode at work. */
  public MalformedWeightsException malformed(String problem) {
    return input.malformed(problem);
  }

  /** A pickle that wants more than data; the message gives the place of the opcode at work. */
  public UnsafeWeightsException unsafe(String wish) {
    return input.unsafe(wish, constructors.allowed());
  }

  PickleInput input() {
    return input;
  }

  private Object run() {
    for (int count = 0; count < MAX_OPCODES; count++) {
      int code = input.opcode();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw input.malformed(String.format("the unknown opcode 0x%02x", code));
      }
      if (opcode == Opcode.STOP) {
        return result();
      }
      if (opcode.refused()) {
        throw refusal(opcode);
      }
      execute(opcode);
    }
    throw input.malformed("more than " + MAX_OPCODES + " opcodes");
  }

  private Object result() {
    Object value = stack.pop();
    if (!stack.isEmpty()) {
      throw input.malformed("values left over at its end");
    }
    return value;
  }

  private UnsafeWeightsException refusal(Opcode opcode) {
    if (opcode == Opcode.INST) {
      String module = input.shortLine();
      String name = input.shortLine();
      return unsafe("load " + Printable.of(module + "." + name));
    }
    return unsafe("carry out the opcode " + opcode);
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case MARK -> stack.mark();
      case POP -> stack.popOrMark();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.peek());
      case NONE -> stack.push(PyNone.NONE);
      case NEWTRUE -> stack.push(true);
      case NEWFALSE -> stack.push(false);
      case INT -> stack.push(literals.integerLine());
      case LONG -> stack.push(literals.longLine());
      case BININT -> stack.push((long) input.i4());
      case BININT1 -> stack.push((long) input.u1());
      case BININT2 -> stack.push((long) input.u2());
      case LONG1 -> stack.push(input.signed(input.u1()));
      case LONG4 -> stack.push(input.signed(input.i4()));
      case FLOAT -> stack.push(literals.floatLine());
      case BINFLOAT -> stack.push(input.bigEndianDouble());
      case STRING -> stack.push(literals.quotedString());
      case BINSTRING -> stack.push(literals.bytes(literals.nonNegative(input.i4())));
      case SHORT_BINSTRING, SHORT_BINBYTES -> stack.push(literals.bytes(input.u1()));
      case BINBYTES -> stack.push(literals.bytes(input.u4()));
      case BINBYTES8, BYTEARRAY8 -> stack.push(literals.bytes(input.i8()));
      case UNICODE -> stack.push(literals.unicodeLine());
      case SHORT_BINUNICODE -> stack.push(literals.text(input.u1()));
      case BINUNICODE -> stack.push(literals.text(input.u4()));
      case BINUNICODE8 -> stack.push(literals.text(input.i8()));
      case EMPTY_TUPLE -> stack.push(new PyTuple(List.of()));
      case TUPLE1 -> stack.push(stack.popTuple(1));
      case TUPLE2 -> stack.push(stack.popTuple(2));
      case TUPLE3 -> stack.push(stack.popTuple(3));
      case TUPLE -> stack.push(new PyTuple(stack.popToMark()));
      case EMPTY_LIST -> stack.push(new PyList());
      case LIST -> stack.push(list(stack.popToMark()));
      case APPEND -> append(List.of(stack.pop()));
      case APPENDS -> append(stack.popToMark());
      case EMPTY_DICT -> stack.push(new PyDict());
      case DICT -> stack.push(dict(stack.popToMark()));
      case SETITEM -> setItem();
      case SETITEMS -> setItems(stack.popToMark());
      case GET -> stack.push(memoized(memoLine()));
      case BINGET -> stack.push(memoized(input.u1()));
      case LONG_BINGET -> stack.push(memoized(input.u4()));
      case PUT -> memo.put(memoLine(), stack.peek());
      case BINPUT -> memo.put((long) input.u1(), stack.peek());
      case LONG_BINPUT -> memo.put(input.u4(), stack.peek());
      case MEMOIZE -> memo.put((long) memo.size(), stack.peek());
      case PROTO -> checkProtocol(input.u1());
      // A frame only promises that many bytes; large strings lie between frames.
      case FRAME -> input.require(input.i8());
      case GLOBAL -> stack.push(global(input.shortLine(), input.shortLine()));
      case STACK_GLOBAL -> stackGlobal();
      case REDUCE -> reduce();
      case NEWOBJ -> newObject();
      case PERSID -> stack.push(persistent(opcode, literals.line()));
      case BINPERSID -> stack.push(persistent(opcode, stack.pop()));
      case BUILD -> build();
      default -> throw new IllegalStateException("opcode " + opcode);
    }
  }

  private static PyList list(List<Object> items) {
    PyList list = new PyList();
    list.items().addAll(items);
    return list;
  }

  private void append(List<Object> items) {
    if (!(stack.peek() instanceof PyList list)) {
      throw input.malformed("an item for something that is no list");
    }
    list.items().addAll(items);
  }

  private PyDict dict(List<Object> keysAndValues) {
    PyDict dict = new PyDict();
    putAll(dict, keysAndValues);
    return dict;
  }

  private void setItem() {
    Object value = stack.pop();
    Object key = stack.pop();
    setItems(List.of(key, value));
  }

  private void setItems(List<Object> keysAndValues) {
    if (!(stack.peek() instanceof PyDict dict)) {
      throw input.malformed("an entry for something that is no dictionary");
    }
    putAll(dict, keysAndValues);
  }

  private void putAll(PyDict dict, List<Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw input.malformed("a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      put(dict, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  /** Adds an entry whose key is a string or an integer and new. */
  public void put(PyDict dict, Object key, Object value) {
    Object javaKey = key;
    if (key instanceof PickleString string) {
      String text = string.text();
      keyChars += text.length();
      if (keyChars > MAX_KEY_CHARS) {
        throw input.malformed("names of more than " + MAX_KEY_CHARS + " characters in all");
      }
      javaKey = text;
    } else if (!(key instanceof Long)) {
      throw input.malformed("a dictionary key that is neither a string nor an integer");
    }
    entryCount++;
    if (entryCount > MAX_OPCODES) {
      throw input.malformed("more than " + MAX_OPCODES + " dictionary entries");
    }
    if (dict.entries().put(javaKey, value) != null) {
      throw input.malformed(
          "the key " + Printable.of(String.valueOf(javaKey)) + " twice in a dictionary");
    }
  }

  private Object memoized(long index) {
    Object value = memo.get(index);
    if (value == null) {
      throw input.malformed("a reference to object " + index + ", which is not there");
    }
    return value;
  }

  private long memoLine() {
    String line = input.shortLine();
    try {
      return Long.parseUnsignedLong(line);
    } catch (NumberFormatException e) {
      throw input.malformed("the memo index " + Printable.of(line));
    }
  }

  private void checkProtocol(int protocol) {
    if (protocol > HIGHEST_PROTOCOL) {
      throw input.malformed("protocol " + protocol + ", expected at most " + HIGHEST_PROTOCOL);
    }
  }

  private Object global(String module, String name) {
    return constructors
        .global(module, name)
        .orElseThrow(() -> unsafe("load " + Printable.of(module + "." + name)));
  }

  private void stackGlobal() {
    if (!(stack.pop() instanceof PickleString name)
        || !(stack.pop() instanceof PickleString module)) {
      throw input.malformed("a function whose name is no string");
    }
    stack.push(global(module.text(), name.text()));
  }

  private void reduce() {
    if (!(stack.pop() instanceof PyTuple args)) {
      throw input.malformed("arguments that are no tuple");
    }
    stack.push(constructors.reduce(stack.pop(), args));
  }

  private void newObject() {
    if (!(stack.pop() instanceof PyTuple args)) {
      throw input.malformed("arguments that are no tuple");
    }
    Object type = stack.pop();
    stack.push(constructors.newObject(type, args).orElseThrow(() -> refusal(Opcode.NEWOBJ)));
  }

  private Object persistent(Opcode opcode, Object id) {
    return constructors.persistent(id).orElseThrow(() -> refusal(opcode));
  }

  private void build() {
    Object state = stack.pop();
    constructors.build(stack.peek(), state);
  }
}
