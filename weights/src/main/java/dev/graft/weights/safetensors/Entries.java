package dev.graft.weights.safetensors;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.OtherEntry;
import dev.graft.weights.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The small print beside tensors: an object of strings, or of any values that do not nest. */
final class Entries {
  private static final int MAX_ENTRIES = 1000;

  /** More than is shown of any value: some trainers put whole settings files here. */
  private static final int KEPT_BYTES = 1024;

  private Entries() {}

  /**
   * Reads an object.
   *
   * @param what its own key
   * @param stringsOnly whether numbers, true, false and null are refused
   */
  static List<OtherEntry> read(JsonReader in, String what, String source, boolean stringsOnly) {
    Map<String, OtherEntry> entries = new LinkedHashMap<>();
    in.beginObject();
    for (boolean first = true; in.hasNextKey(first); first = false) {
      String key = in.key(SafetensorsHeader.MAX_NAME_BYTES);
      if (entries.size() == MAX_ENTRIES) {
        throw new MalformedWeightsException(
            source + ": " + what + " has more than " + MAX_ENTRIES + " entries");
      }
      if (stringsOnly && in.peek() != '"') {
        throw in.error("the value of " + Printable.of(key) + " in " + what + " is no string");
      }
      OtherEntry entry =
          in.peek() == '"'
              ? new OtherEntry(key, "string", shown(in.text(KEPT_BYTES)))
              : plain(key, in.literal());
      if (entries.put(key, entry) != null) {
        throw new MalformedWeightsException(
            source + ": " + what + " has the key " + Printable.of(key) + " twice");
      }
    }
    return List.copyOf(entries.values());
  }

  private static OtherEntry plain(String key, String literal) {
    boolean number = !Character.isLetter(literal.charAt(0));
    return new OtherEntry(key, number ? "number" : "constant", literal);
  }

  private static String shown(JsonString text) {
    return Printable.of(text.start()) + (text.isCut() ? " and more" : "");
  }
}
