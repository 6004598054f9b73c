package dev.graft.weights.pickle;

import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The pickle machine, for data only: opcodes that make objects of classes are refused, and a
 * function or class is a constant of {@link Global} or refused by its name. Nothing is recursive,
 * strings stay in the file, and the number of opcodes is limited, so that no file takes more than
 * some hundred megabytes of heap.
 */
final class Unpickler {
  /** Forty opcodes make an array: enough for tens of thousands of them. */
  private static final int MAX_OPCODES = 1_000_000;

  /** All keys of dictionaries together, in characters. */
  private static final int MAX_KEY_CHARS = 1 << 24;

  private static final int HIGHEST_PROTOCOL = 5;

  /** Java's own parser would take hexadecimal numbers and suffixes too. */
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

  private final PickleInput input;
  private final Constructors constructors;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private int keyChars;
  private int entryCount;

  private Unpickler(MappedFile file, long start) {
    this.input = new PickleInput(file, start);
    this.constructors = new Constructors(input, this);
  }

  /** The value of the pickle that lies in the file from {@code start} to exactly its end. */
  static Object load(MappedFile file, long start) {
    return new Unpickler(file, start).run();
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
        refuse(opcode);
      }
      execute(opcode);
    }
    throw input.malformed("more than " + MAX_OPCODES + " opcodes");
  }

  private Object result() {
    Object value = pop();
    if (!stack.isEmpty() || !marks.isEmpty()) {
      throw input.malformed("values left over at its end");
    }
    if (input.remaining() > 0) {
      throw input.malformed("its end, with " + input.remaining() + " trailing bytes after it");
    }
    return value;
  }

  private void refuse(Opcode opcode) {
    if (opcode == Opcode.INST) {
      String module = input.shortLine();
      String name = input.shortLine();
      throw input.unsafe("load " + Printable.of(module + "." + name));
    }
    throw input.unsafe("carry out the opcode " + opcode);
  }

  private void execute(Opcode opcode) {
    switch (opcode) {
      case MARK -> marks.add(stack.size());
      case POP -> popOrMark();
      case POP_MARK -> popToMark();
      case DUP -> push(peek());
      case NONE -> push(PyNone.NONE);
      case NEWTRUE -> push(true);
      case NEWFALSE -> push(false);
      case INT -> push(integerLine());
      case LONG -> push(longLine());
      case BININT -> push((long) input.i4());
      case BININT1 -> push((long) input.u1());
      case BININT2 -> push((long) input.u2());
      case LONG1 -> push(input.signed(input.u1()));
      case LONG4 -> push(input.signed(input.i4()));
      case FLOAT -> push(floatLine());
      case BINFLOAT -> push(input.bigEndianDouble());
      case STRING -> push(quotedString());
      case BINSTRING -> push(bytes(nonNegative(input.i4())));
      case SHORT_BINSTRING, SHORT_BINBYTES -> push(bytes(input.u1()));
      case BINBYTES -> push(bytes(input.u4()));
      case BINBYTES8, BYTEARRAY8 -> push(bytes(input.i8()));
      case UNICODE -> push(unicodeLine());
      case SHORT_BINUNICODE -> push(text(input.u1()));
      case BINUNICODE -> push(text(input.u4()));
      case BINUNICODE8 -> push(text(input.i8()));
      case EMPTY_TUPLE -> push(new PyTuple(List.of()));
      case TUPLE1 -> push(tuple(1));
      case TUPLE2 -> push(tuple(2));
      case TUPLE3 -> push(tuple(3));
      case TUPLE -> push(new PyTuple(popToMark()));
      case EMPTY_LIST -> push(new PyList());
      case LIST -> push(list(popToMark()));
      case APPEND -> append(List.of(pop()));
      case APPENDS -> append(popToMark());
      case EMPTY_DICT -> push(new PyDict());
      case DICT -> push(dict(popToMark()));
      case SETITEM -> setItem();
      case SETITEMS -> setItems(popToMark());
      case GET -> push(memoized(memoLine()));
      case BINGET -> push(memoized(input.u1()));
      case LONG_BINGET -> push(memoized(input.u4()));
      case PUT -> memo.put(memoLine(), peek());
      case BINPUT -> memo.put((long) input.u1(), peek());
      case LONG_BINPUT -> memo.put(input.u4(), peek());
      case MEMOIZE -> memo.put((long) memo.size(), peek());
      case PROTO -> checkProtocol(input.u1());
      // A frame only promises that many bytes; large strings lie between frames.
      case FRAME -> input.require(input.i8());
      case GLOBAL -> push(global(input.shortLine(), input.shortLine()));
      case STACK_GLOBAL -> stackGlobal();
      case REDUCE -> reduce();
      case BUILD -> build();
      default -> throw new IllegalStateException("opcode " + opcode);
    }
  }

  private void push(Object value) {
    stack.add(value);
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private Object peek() {
    if (stack.size() <= floor()) {
      throw input.malformed("an opcode that finds its stack empty");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object value = peek();
    stack.remove(stack.size() - 1);
    return value;
  }

  private void popOrMark() {
    if (!marks.isEmpty() && stack.size() == floor()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw input.malformed("an opcode that finds no mark");
    }
    int mark = marks.remove(marks.size() - 1);
    List<Object> top = stack.subList(mark, stack.size());
    List<Object> values = new ArrayList<>(top);
    top.clear();
    return values;
  }

  private PyTuple tuple(int size) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(0, pop());
    }
    return new PyTuple(items);
  }

  private static PyList list(List<Object> items) {
    PyList list = new PyList();
    list.items().addAll(items);
    return list;
  }

  private void append(List<Object> items) {
    if (!(peek() instanceof PyList list)) {
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
    Object value = pop();
    Object key = pop();
    setItems(List.of(key, value));
  }

  private void setItems(List<Object> keysAndValues) {
    if (!(peek() instanceof PyDict dict)) {
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
  void put(PyDict dict, Object key, Object value) {
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

  private Object integerLine() {
    String line = input.shortLine();
    if (line.equals("00") || line.equals("01")) {
      return line.equals("01");
    }
    return integer(line);
  }

  private Long longLine() {
    String line = input.shortLine();
    return integer(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
  }

  private Long integer(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw input.malformed("the integer " + Printable.of(digits) + ", not one of 64 bits");
    }
  }

  private Double floatLine() {
    String line = input.shortLine();
    return switch (line) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> {
        if (!DECIMAL.matcher(line).matches()) {
          throw input.malformed("the number " + Printable.of(line));
        }
        yield Double.valueOf(line);
      }
    };
  }

  private long nonNegative(int length) {
    if (length < 0) {
      throw input.malformed("a string of " + length + " bytes");
    }
    return length;
  }

  private PickleString bytes(long length) {
    return new PickleString(input, input.skip(length), length, StringCoding.RAW, true);
  }

  private PickleString text(long length) {
    return new PickleString(input, input.skip(length), length, StringCoding.UTF8, false);
  }

  private PickleString unicodeLine() {
    long start = input.position();
    return new PickleString(input, start, input.longLine(), StringCoding.RAW_UNICODE, false);
  }

  private PickleString quotedString() {
    long start = input.position();
    long length = input.longLine();
    byte quote = length < 2 ? 0 : input.file().at(start);
    if ((quote != '\'' && quote != '"') || input.file().at(start + length - 1) != quote) {
      throw input.malformed("a string without its quotes");
    }
    return new PickleString(input, start + 1, length - 2, StringCoding.ESCAPED, true);
  }

  private void checkProtocol(int protocol) {
    if (protocol > HIGHEST_PROTOCOL) {
      throw input.malformed("protocol " + protocol + ", expected at most " + HIGHEST_PROTOCOL);
    }
  }

  private Global global(String module, String name) {
    Optional<Global> global = Global.named(module, name);
    if (global.isEmpty()) {
      throw input.unsafe("load " + Printable.of(module + "." + name));
    }
    return global.get();
  }

  private void stackGlobal() {
    if (!(pop() instanceof PickleString name) || !(pop() instanceof PickleString module)) {
      throw input.malformed("a function whose name is no string");
    }
    push(global(module.text(), name.text()));
  }

  private void reduce() {
    if (!(pop() instanceof PyTuple args)) {
      throw input.malformed("arguments that are no tuple");
    }
    push(constructors.reduce(pop(), args));
  }

  private void build() {
    Object state = pop();
    constructors.build(peek(), state);
  }
}
