package dev.graft.weights;

import java.util.List;
import java.util.Map;

/** Stores made of arrays that one already has. */
public final class WeightStores {
  private WeightStores() {}

  /**
   * A store of these arrays, in the map's order. Closing it does nothing: it does not own them.
   *
   * @param source what messages call it
   */
  public static WeightStore of(Map<String, WeightArray> arrays, String source) {
    return of(arrays, source, () -> {});
  }

  /**
   * A store of these arrays, in the map's order.
   *
   * @param source what messages call it
   * @param onClose run by each {@link WeightStore#close}; closes what the arrays lie in
   */
  public static WeightStore of(Map<String, WeightArray> arrays, String source, Runnable onClose) {
    return of(arrays, List.of(), source, onClose);
  }

  /**
   * A store of these arrays, in the map's order, and of other entries.
   *
   * @param source what messages call it
   * @param onClose run by each {@link WeightStore#close}; closes what the arrays lie in
   */
  public static WeightStore of(
      Map<String, WeightArray> arrays, List<OtherEntry> others, String source, Runnable onClose) {
    return new MapStore(arrays, others, source, onClose);
  }
}
