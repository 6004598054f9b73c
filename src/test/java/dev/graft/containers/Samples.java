package dev.graft.containers;

import dev.graft.weights.ContainerWriter;
import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.WeightStores;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.BufferBytes;
import dev.graft.weights.io.StoredArray;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Arrays of seeded random bits, and small stores of them. */
final class Samples {
  private static final Set<String> ELEMENT_CONTAINERS = Set.of("npy-list", "npy-dict");

  private Samples() {}

  /** The bytes of an array's elements, in C order and little-endian; of booleans 0 and 1. */
  static byte[] bits(DType dtype, Shape shape, long seed) {
    byte[] bits = new byte[Math.toIntExact(shape.elementCount() * dtype.byteSize())];
    new Random(seed).nextBytes(bits);
    if (dtype == DType.BOOL) {
      for (int i = 0; i < bits.length; i++) {
        bits[i] &= 1;
      }
    }
    return bits;
  }

  /** An array of these elements as a caller would hold it in memory. */
  static WeightArray array(DType dtype, Shape shape, byte[] bits) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bits.length).put(bits).flip();
    return WeightArrays.of(dtype, shape, direct);
  }

  /** The same array as a file of another byte order or memory order would hold it. */
  static WeightArray stored(
      DType dtype, Shape shape, byte[] bits, boolean bigEndian, boolean fortran) {
    byte[] laidOut = layOut(dtype, shape, bits, bigEndian, fortran);
    BufferBytes bytes = new BufferBytes(ByteBuffer.wrap(laidOut));
    return new StoredArray(bytes, 0, dtype, shape, bigEndian, fortran);
  }

  /** Elements in C order and little-endian, put into another order. */
  static byte[] layOut(DType dtype, Shape shape, byte[] bits, boolean bigEndian, boolean fortran) {
    int size = dtype.byteSize();
    int part = dtype.componentSize();
    byte[] out = new byte[bits.length];
    for (int element = 0; element < bits.length / size; element++) {
      int to = fortran ? fortranIndex(shape, element) : element;
      for (int i = 0; i < size; i++) {
        int from = bigEndian ? i / part * part + part - 1 - i % part : i;
        out[to * size + i] = bits[element * size + from];
      }
    }
    return out;
  }

  /** Where an element of this place in C order stands in Fortran order. */
  private static int fortranIndex(Shape shape, int index) {
    int rest = index;
    int stride = Math.toIntExact(shape.elementCount());
    int at = 0;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int dim = (int) shape.dim(axis);
      stride /= dim;
      at += rest % dim * stride;
      rest /= dim;
    }
    return at;
  }

  /**
   * A name as the container has them: some hold nothing but the elements of lists.
   *
   * @param name a name without brackets
   */
  static String name(ContainerWriter writer, String name) {
    return ELEMENT_CONTAINERS.contains(writer.name()) ? name + "[0]" : name;
  }

  /** Arrays of ordinary names, one of each dtype that this container takes. */
  static Map<String, WeightArray> ofEachDtype(ContainerWriter writer, Path scratch) {
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      Shape shape = Shape.of(2, 3);
      WeightArray array = array(dtype, shape, bits(dtype, shape, dtype.byteSize()));
      String name = name(writer, "layer_" + dtype + "/kernel");
      if (takes(writer, name, array, scratch.resolve("try_" + dtype + extension(writer)))) {
        arrays.put(name, array);
      }
    }
    return arrays;
  }

  private static boolean takes(
      ContainerWriter writer, String name, WeightArray array, Path destination) {
    try {
      writer.write(destination, WeightStores.of(Map.of(name, array), "sample"), bytes -> {});
      return true;
    } catch (WeightsException e) {
      // The writers' own test limits how many a container may refuse.
      return false;
    }
  }

  /** An extension that a container is chosen by; none where it has to be named. */
  static String extension(ContainerWriter writer) {
    return writer.extensions().isEmpty() ? "" : writer.extensions().get(0);
  }
}
