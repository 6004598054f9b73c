package dev.graft.mapping;

import dev.graft.mapping.Finding.Kind;
import dev.graft.weights.WeightStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of a store as its table sees them, and the naming of the table that they follow. */
final class SourceKeys {
  private final NameMapping table;
  private final Direction direction;

  /** Key without {@code :0} to the key as the store has it. */
  private final Map<String, String> keys = new LinkedHashMap<>();

  /** Every key that the table has, in any naming. */
  private final Map<String, Row> rows = new LinkedHashMap<>();

  private final int naming;

  /** Reports keys that are the same, and keys of several namings. */
  SourceKeys(WeightStore store, NameMapping table, Direction direction, Findings findings) {
    this.table = table;
    this.direction = direction;
    for (Row row : table.rows()) {
      for (int each = 0; each < namings(); each++) {
        rows.put(direction.key(row, each), row);
      }
    }
    for (String key : store.names()) {
      String first = keys.putIfAbsent(Keys.plain(key), key);
      if (first != null) {
        findings.error(
            Kind.DUPLICATE, "", key, "'" + first + "' and '" + key + "' are the same key");
      }
    }
    this.naming = mostFrequent();
    reportMixed(findings);
  }

  private int namings() {
    return direction == Direction.EXPORT ? 1 : Math.max(1, table.namings().size());
  }

  private int mostFrequent() {
    int best = 0;
    long most = 0;
    for (int each = 0; each < namings(); each++) {
      int candidate = each;
      long count =
          table.rows().stream()
              .filter(row -> keys.containsKey(direction.key(row, candidate)))
              .count();
      if (count > most) {
        most = count;
        best = each;
      }
    }
    return best;
  }

  private void reportMixed(Findings findings) {
    for (Map.Entry<String, String> entry : keys.entrySet()) {
      Row row = rows.get(entry.getKey());
      if (row != null && !wanted(row).equals(entry.getKey())) {
        String follows =
            table.rows().stream()
                .filter(each -> each.keys().size() > 1)
                .map(each -> keys.get(wanted(each)))
                .filter(key -> key != null)
                .findFirst()
                .orElseThrow();
        findings.error(
            Kind.MIXED,
            row.name(),
            entry.getValue(),
            "'%s' is a name of %s, '%s' one of %s: all names of a file are of one naming"
                .formatted(
                    follows,
                    namingName(),
                    entry.getValue(),
                    table.namings().get(namingOf(row, entry.getKey()))));
        return;
      }
    }
  }

  private int namingOf(Row row, String plain) {
    return row.keys().indexOf(plain);
  }

  /** What the table calls the naming of this store; empty where it has but one. */
  String namingName() {
    return namings() == 1 ? "" : table.namings().get(naming);
  }

  /** All keys: without {@code :0}, and as the store has them. */
  Map<String, String> all() {
    return keys;
  }

  /** Whether the table has this key, in any naming. */
  boolean known(String plain) {
    return rows.containsKey(plain);
  }

  /** All keys of the table, in any naming. */
  List<String> known() {
    return List.copyOf(rows.keySet());
  }

  /** The key that a variable has in this naming, whether it is there or not. */
  String wanted(Row row) {
    return direction.key(row, naming);
  }

  /** The key that a variable has here, as the store has it; of a mixed store any that it has. */
  Optional<String> of(Row row) {
    String key = keys.get(wanted(row));
    for (int each = 0; key == null && each < namings(); each++) {
      key = keys.get(direction.key(row, each));
    }
    return Optional.ofNullable(key);
  }

  /** How many of the table's variables are there. */
  int matched() {
    return (int) table.rows().stream().filter(row -> of(row).isPresent()).count();
  }
}
