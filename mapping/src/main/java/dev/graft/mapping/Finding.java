package dev.graft.mapping;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that a check found.
 *
 * @param source what the weight store calls itself, such as the file's path; empty where the
 *     finding is about all sources together
 * @param table the name of the table that was applied; empty as above
 * @param name the graph name or scope that it is about; empty where it is about a source key alone
 * @param key the key in the source; empty where there is none
 * @param message what is wrong, what was expected and how to mend it, on one line
 */
public record Finding(
    Severity severity,
    Kind kind,
    String source,
    String table,
    String name,
    String key,
    String message) {

  /** Whether a finding stops the mapping. */
  public enum Severity {
    /** The mapping is not valid. */
    ERROR,
    /** Said so that it is known; nothing is wrong. */
    NOTE
  }

  /** What kind of thing was found. */
  public enum Kind {
    /** Something needed is not there. */
    MISSING,
    /** A name that the table does not have. */
    UNEXPECTED,
    /** Mapped, but the model has no such parameter. */
    UNUSED,
    /** Two arrays for one name. */
    DUPLICATE,
    /** Names of several of the table's namings in one source. */
    MIXED,
    /** The element type is not float32. */
    DTYPE,
    /** The rank or a fixed dimension is wrong. */
    SHAPE,
    /** A symbolic dimension of the table has several values. */
    SYMBOL,
    /** NaN or infinity among the values. */
    NON_FINITE,
    /** A scope, or the table as a whole, matches nothing. */
    NO_MATCH,
    /** Left out because the caller said so. */
    EXCLUDED,
    /** Left out because the table says so. */
    IGNORED,
    /** Given by no source; the caller initialises it. */
    INITIALISED;

    /** As reports and JSON show it: {@code non-finite}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The same as plain strings, for JSON. Keys: the names of the components. */
  public Map<String, String> record() {
    Map<String, String> record = new LinkedHashMap<>();
    record.put("severity", severity.name().toLowerCase(Locale.ROOT));
    record.put("kind", kind.toString());
    record.put("source", source);
    record.put("table", table);
    record.put("name", name);
    record.put("key", key);
    record.put("message", message);
    return record;
  }
}
