package dev.graft.weights.pickle;

import java.util.List;
import java.util.Optional;

/**
 * What the pickles of one kind of container may make: the functions and classes that they may name,
 * and what those do. Each is Java code that makes data; none is ever looked up or loaded. For one
 * {@link Unpickler}, which gives the exceptions their place.
 */
public interface Constructors {
  /** The end of the message about a pickle that wants more, such as "only lists are read". */
  String allowed();

  /** The constant that stands for a function or class; empty where it is not allowed. */
  Optional<Object> global(String module, String name);

  /** Calls a function: the opcode REDUCE. */
  Object reduce(Object callable, PyTuple args);

  /** Gives an object, which is changed in place, its state: the opcode BUILD. */
  void build(Object target, Object state);

  /** Makes an object of a class: the opcode NEWOBJ. Empty where that is not allowed. */
  default Optional<Object> newObject(Object type, PyTuple args) {
    return Optional.empty();
  }

  /**
   * The object, kept outside of the pickle, that an id stands for: the opcodes PERSID and
   * BINPERSID. Empty where there are none.
   */
  default Optional<Object> persistent(Object id) {
    return Optional.empty();
  }

  /** The items of a list or tuple; empty for anything else. */
  static Optional<List<Object>> sequence(Object value) {
    if (value instanceof PyList list) {
      return Optional.of(list.items());
    }
    return value instanceof PyTuple tuple ? Optional.of(tuple.items()) : Optional.empty();
  }
}
