package dev.graft.weights;

import java.util.LinkedHashMap;
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

  /**
   * The same store with its floating point arrays as float16, bfloat16, float32 or float64: see
   * {@link WeightArrays#cast}. Closing it closes the store.
   *
   * @throws IllegalArgumentException where the wanted type is none of these
   */
  public static WeightStore cast(WeightStore store, DType dtype) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : store.names()) {
      arrays.put(name, WeightArrays.cast(store.get(name), dtype));
    }
    return of(arrays, store.others(), store.source(), store::close);
  }
}
