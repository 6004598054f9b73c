package dev.graft.weights.torch;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.io.Printable;
import dev.graft.weights.pickle.Constructors;
import dev.graft.weights.pickle.PyDict;
import dev.graft.weights.pickle.PythonValues;
import java.util.List;
import java.util.Optional;

/** The values of a dictionary that are no tensors, for people to read. */
final class OtherValues {
  private static final int MAX_CHARS = 120;

  private OtherValues() {}

  /** Whether it is a single value: neither a container nor a tensor. */
  static boolean isSingle(Object value) {
    return isName(value) || PythonValues.isScalar(value);
  }

  /** The entry for a single value or a list of them; empty for anything else. */
  static Optional<OtherEntry> entry(String name, Object value) {
    if (value instanceof PyDict dict && dict.entries().isEmpty()) {
      return Optional.of(new OtherEntry(name, "dictionary", "{}"));
    }
    Optional<List<Object>> items = Constructors.sequence(value);
    if (items.isPresent()) {
      String type = PythonValues.kind(value) + " [" + items.get().size() + "]";
      return Optional.of(new OtherEntry(name, type, list(items.get())));
    }
    return single(value).map(text -> new OtherEntry(name, type(value), cut(text)));
  }

  private static String list(List<Object> items) {
    StringBuilder text = new StringBuilder("[");
    for (Object item : items) {
      if (text.length() > MAX_CHARS) {
        break;
      }
      text.append(text.length() == 1 ? "" : ", ").append(single(item).orElseThrow());
    }
    return cut(text.append("]").toString());
  }

  private static Optional<String> single(Object value) {
    if (isName(value)) {
      return Optional.of(value.toString());
    }
    Optional<String> text = PythonValues.scalarText(value);
    return PythonValues.kind(value).equals("string") ? text.map(Printable::of) : text;
  }

  /** Whether all there is to it is its name. */
  private static boolean isName(Object value) {
    return value instanceof TorchDtype
        || value instanceof Device
        || value instanceof StorageType
        || value instanceof TypeName;
  }

  private static String type(Object value) {
    if (value instanceof TorchDtype) {
      return "dtype";
    }
    if (value instanceof Device) {
      return "device";
    }
    return isName(value) ? "class" : PythonValues.kind(value);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "...";
  }
}
