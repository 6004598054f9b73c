package dev.graft.mapping;

import dev.graft.weights.WeightStore;

/**
 * Says whose values are scanned for NaN and infinity. A caller that knows from a cache that a file
 * was scanned before can save the time.
 */
@FunctionalInterface
public interface ValueCheck {
  /** Scans everything that is mapped. The default everywhere. */
  ValueCheck ALL = (store, key) -> true;

  /** Scans nothing. */
  ValueCheck NONE = (store, key) -> false;

  /** Whether the array that {@code store} has under {@code key} is to be scanned. */
  boolean scan(WeightStore store, String key);
}
