package dev.graft.weights.safetensors;

import dev.graft.weights.DType;
import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.io.Printable;
import java.util.Arrays;

/** Reads what a header says of one tensor: exactly a dtype, a shape and the two data offsets. */
final class TensorEntry {
  private static final int MAX_CODE_BYTES = 64;

  /** As many as numpy 1 allows. */
  private static final int MAX_RANK = 32;

  private final JsonReader in;
  private final String name;
  private final String where;
  private String code;
  private long[] dims;
  private long[] offsets;

  private TensorEntry(JsonReader in, String name, String source) {
    this.in = in;
    this.name = name;
    this.where = source + ": tensor " + Printable.of(name);
  }

  static Tensor read(JsonReader in, String name, String source) {
    return new TensorEntry(in, name, source).read();
  }

  private Tensor read() {
    in.beginObject();
    for (boolean first = true; in.hasNextKey(first); first = false) {
      String key = in.key(MAX_CODE_BYTES);
      switch (key) {
        case "dtype" -> {
          refuseSecond(key, code);
          code = in.string(MAX_CODE_BYTES);
        }
        case "shape" -> {
          refuseSecond(key, dims);
          dims = numbers("shape", MAX_RANK);
        }
        case "data_offsets" -> {
          refuseSecond(key, offsets);
          offsets = numbers("data_offsets", 2);
        }
        default -> throw error("has the unknown key " + Printable.of(key));
      }
    }
    requireKey("dtype", code);
    requireKey("shape", dims);
    requireKey("data_offsets", offsets);
    return checked();
  }

  private Tensor checked() {
    DType dtype =
        SafetensorsType.of(code)
            .orElseThrow(
                () ->
                    error(
                        "has dtype "
                            + Printable.of(code)
                            + (SafetensorsType.isPacked(code)
                                ? ", whose elements of less than a byte are not read"
                                : ", expected one of " + SafetensorsType.all())));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw error(
          "has data_offsets " + Arrays.toString(offsets) + ", expected a beginning and an end");
    }
    Shape shape;
    long size;
    try {
      shape = Shape.of(dims);
      size = Math.multiplyExact(shape.elementCount(), (long) dtype.byteSize());
    } catch (ArithmeticException e) {
      throw error("has the shape " + Arrays.toString(dims) + ", more bytes than any file can hold");
    }
    if (offsets[1] - offsets[0] != size) {
      throw error(
          String.format(
              "has %d bytes, %d to %d, expected %d for %s %s",
              offsets[1] - offsets[0], offsets[0], offsets[1], size, dtype, shape));
    }
    return new Tensor(name, dtype, shape, offsets[0], offsets[1]);
  }

  private long[] numbers(String key, int most) {
    long[] numbers = new long[most];
    int count = 0;
    in.beginList();
    for (boolean first = true; in.hasNextElement(first); first = false) {
      if (count == most) {
        throw error("has more than " + most + " numbers as its " + key);
      }
      numbers[count++] = in.wholeNumber();
    }
    return Arrays.copyOf(numbers, count);
  }

  private void refuseSecond(String key, Object value) {
    if (value != null) {
      throw error("has the key \"" + key + "\" twice");
    }
  }

  private void requireKey(String key, Object value) {
    if (value == null) {
      throw error("has no key \"" + key + "\"");
    }
  }

  private MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(where + " " + problem);
  }
}
