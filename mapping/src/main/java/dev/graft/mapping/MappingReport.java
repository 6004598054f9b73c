package dev.graft.mapping;

import java.util.List;
import java.util.Map;

/** Everything that a check found, and what a mapping gives. Immutable. */
public final class MappingReport {
  private MappingReport() {}

  /** Whether there is no error. */
  public boolean valid() {
    throw new UnsupportedOperationException();
  }

  /** All findings: errors first, in the order of sources and table. */
  public List<Finding> findings() {
    throw new UnsupportedOperationException();
  }

  /** The findings that stop the mapping. */
  public List<Finding> errors() {
    throw new UnsupportedOperationException();
  }

  /** What is mapped, in the order of the sources and their tables. */
  public List<MappedArray> mapped() {
    throw new UnsupportedOperationException();
  }

  /** Graph names of the arrays that are there and were left out because the caller said so. */
  public List<String> excluded() {
    throw new UnsupportedOperationException();
  }

  /** Graph names that no source gives and that the caller initialises. */
  public List<String> toInitialise() {
    throw new UnsupportedOperationException();
  }

  /** The findings as plain strings, for JSON. */
  public List<Map<String, String>> records() {
    throw new UnsupportedOperationException();
  }

  /** For people: one aligned line a finding, and a summary line. */
  public String render() {
    throw new UnsupportedOperationException();
  }
}
