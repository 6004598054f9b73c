package dev.graft.weights.pickle;

import java.util.ArrayList;
import java.util.List;

/** The pickle machine's stack, with the marks that opcodes pop down to. */
final class MarkedStack {
  private final PickleInput input;
  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  /**
   * An empty stack.
   *
   * @param input says where an opcode asks for what is not there
   */
  MarkedStack(PickleInput input) {
    this.input = input;
  }

  /** Whether there is neither a value nor a mark. */
  boolean isEmpty() {
    return values.isEmpty() && marks.isEmpty();
  }

  void mark() {
    marks.add(values.size());
  }

  void push(Object value) {
    values.add(value);
  }

  /** The topmost value above the last mark. */
  Object peek() {
    if (values.size() <= floor()) {
      throw input.malformed("an opcode that finds its stack empty");
    }
    return values.get(values.size() - 1);
  }

  Object pop() {
    Object value = peek();
    values.remove(values.size() - 1);
    return value;
  }

  /** Takes off a value, or the mark where it is on top. */
  void popOrMark() {
    if (!marks.isEmpty() && values.size() == floor()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
  }

  /** Takes off the last mark and all values above it, which it gives in the order pushed. */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw input.malformed("an opcode that finds no mark");
    }
    int mark = marks.remove(marks.size() - 1);
    List<Object> top = values.subList(mark, values.size());
    List<Object> popped = new ArrayList<>(top);
    top.clear();
    return popped;
  }

  /** Takes off so many values as a tuple. */
  PyTuple popTuple(int size) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(0, pop());
    }
    return new PyTuple(items);
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }
}
