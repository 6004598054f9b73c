package dev.graft;

import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightStores;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights of the graph in the layouts of other programs, element by element from what those
 * programs say of their own arrays, without any table or transform.
 */
final class SourceLayouts {
  private final Map<String, WeightArray> arrays = new LinkedHashMap<>();

  /**
   * Caffe's FCNs: blobs [kernel, bias] of a layer; {@code legacy} ones all have four dimensions.
   */
  static WeightStore caffeFcn(boolean legacy, WeightStore... graph) {
    SourceLayouts layouts = new SourceLayouts();
    for (WeightStore store : graph) {
      for (String name : store.names()) {
        String layer = layer(name);
        if (layer.equals("fc8")) {
          continue;
        }
        WeightArray array = store.get(name);
        if (name.endsWith("/bias")) {
          long count = array.shape().dim(0);
          long[] dims = legacy ? new long[] {1, 1, 1, count} : new long[] {count};
          layouts.put(layer + "[1]", WeightArrays.floats(array), dims);
        } else {
          layouts.convolution(layer, array);
        }
      }
    }
    return WeightStores.of(layouts.arrays, "caffe");
  }

  /** Keras' published networks: these names and arrays, but the first layer BGR. */
  static WeightStore kerasBgr(WeightStore keras) {
    SourceLayouts layouts = new SourceLayouts();
    for (String name : keras.names()) {
      WeightArray array = keras.get(name);
      boolean first = name.equals("block1_conv1/block1_conv1/kernel:0");
      float[] values = WeightArrays.floats(array);
      layouts.put(name, first ? bgr(values, array.shape().dim(3)) : values, array.shape().dims());
    }
    return WeightStores.of(layouts.arrays, "keras");
  }

  /** tensorflow-fcn: the graph's layout, but BGR, under names of its own. */
  static WeightStore tensorflowFcn8s(WeightStore... graph) {
    SourceLayouts layouts = new SourceLayouts();
    for (WeightStore store : graph) {
      for (String name : store.names()) {
        String layer = layer(name);
        if (layer.equals("fc8")) {
          continue;
        }
        WeightArray array = store.get(name);
        float[] values = WeightArrays.floats(array);
        String kernel = layer.startsWith("conv") ? "/filter:0" : "/weights:0";
        if (name.endsWith("/bias")) {
          kernel = "/biases:0";
        } else if (layer.startsWith("up")) {
          kernel = "/up_filter:0";
        }
        String called =
            layer.replace("upscore_pool4", "upscore4").replace("upscore8", "upscore32") + kernel;
        layouts.put(
            called,
            called.equals("conv1_1/filter:0") ? bgr(values, array.shape().dim(3)) : values,
            array.shape().dims());
      }
    }
    return WeightStores.of(layouts.arrays, "tensorflow-fcn");
  }

  private static String layer(String name) {
    return name.split("/", -1)[1];
  }

  private void put(String name, float[] values, long... dims) {
    arrays.put(name, WeightArrays.of(values, dims));
  }

  /** [out, in, height, width]; a transposed one [in, out, height, width]; the first layer BGR. */
  private void convolution(String layer, WeightArray hwio) {
    float[] from = WeightArrays.floats(hwio);
    int h = (int) hwio.shape().dim(0);
    int w = (int) hwio.shape().dim(1);
    int c = (int) hwio.shape().dim(2);
    int d = (int) hwio.shape().dim(3);
    boolean bgr = layer.equals("conv1_1");
    float[] to = new float[from.length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        for (int i = 0; i < c; i++) {
          for (int o = 0; o < d; o++) {
            int channel = bgr ? c - 1 - i : i;
            // The graph's last axis comes first: out for kernels, in for transposed ones.
            to[((o * c + channel) * h + y) * w + x] = from[((y * w + x) * c + i) * d + o];
          }
        }
      }
    }
    put(layer + "[0]", to, d, c, h, w);
  }

  private static float[] bgr(float[] from, long out) {
    float[] to = new float[from.length];
    int d = (int) out;
    for (int pixel = 0; pixel < 9; pixel++) {
      for (int i = 0; i < 3; i++) {
        System.arraycopy(from, (pixel * 3 + i) * d, to, (pixel * 3 + 2 - i) * d, d);
      }
    }
    return to;
  }
}
