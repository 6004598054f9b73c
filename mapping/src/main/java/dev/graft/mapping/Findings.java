package dev.graft.mapping;

import dev.graft.mapping.Finding.Kind;
import dev.graft.mapping.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** Adds findings about one source to a list. */
record Findings(String source, String table, List<Finding> all) {
  /** Findings that nobody is told. */
  static Findings unheard() {
    return new Findings("", "", new ArrayList<>());
  }

  void error(Kind kind, String name, String key, String message) {
    all.add(new Finding(Severity.ERROR, kind, source, table, name, key, message));
  }

  void note(Kind kind, String name, String key, String message) {
    all.add(new Finding(Severity.NOTE, kind, source, table, name, key, message));
  }
}
