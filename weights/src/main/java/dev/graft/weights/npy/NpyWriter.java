package dev.graft.weights.npy;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightsException;
import dev.graft.weights.io.AtomicOutput;
import dev.graft.weights.io.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Writes .npy files of format 1.0, little-endian, in C order. */
public final class NpyWriter {
  /** Where the elements begin is a multiple of this. */
  public static final int ALIGNMENT = 64;

  private static final int PRELUDE = 10;

  private NpyWriter() {}

  /** Writes one array. */
  public static void write(Path destination, WeightArray array, LongConsumer progress) {
    byte[] header = header(array, destination.toString());
    try (AtomicOutput out = new AtomicOutput(destination, progress)) {
      out.write(header);
      out.write(array);
      out.commit();
    }
  }

  /** The header of an array. */
  public static byte[] header(WeightArray array, String destination) {
    return header(descr(array.dtype(), destination), array.shape());
  }

  /** The header of pickled objects: dtype object, a scalar. */
  public static byte[] objectHeader() {
    return header("|O", Shape.of());
  }

  /**
   * Refuses a dtype that numpy does not have.
   *
   * @param name whose dtype it is
   */
  public static void requireNumpyType(DType dtype, String name, String destination) {
    if (NumpyType.descr(dtype).isEmpty()) {
      throw noSuchType(dtype, destination + ": array " + Printable.of(name));
    }
  }

  private static String descr(DType dtype, String destination) {
    return NumpyType.descr(dtype).orElseThrow(() -> noSuchType(dtype, destination));
  }

  private static WeightsException noSuchType(DType dtype, String what) {
    return new WeightsException(what + " cannot be written: numpy has no dtype " + dtype);
  }

  private static byte[] header(String descr, Shape shape) {
    StringBuilder text = new StringBuilder("{'descr': '").append(descr);
    text.append("', 'fortran_order': False, 'shape': (");
    for (int axis = 0; axis < shape.rank(); axis++) {
      text.append(axis == 0 ? "" : ", ").append(shape.dim(axis));
    }
    text.append(shape.rank() == 1 ? ",), }" : "), }");
    while ((PRELUDE + text.length() + 1) % ALIGNMENT != 0) {
      text.append(' ');
    }
    text.append('\n');
    byte[] literal = text.toString().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(PRELUDE + literal.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) literal.length)
        .put(literal)
        .array();
  }
}
