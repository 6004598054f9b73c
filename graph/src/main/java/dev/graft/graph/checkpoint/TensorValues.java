package dev.graft.graph.checkpoint;

import dev.graft.weights.DType;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArrays;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.io.SpilledBytes;
import dev.graft.weights.io.StoredArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The elements in a {@code TensorProto}, which a V1 checkpoint has one of for each slice. Floating
 * and complex numbers of 32 and 64 bits stand there as in memory and are used in place; all other
 * numbers have a varying length and are decoded when first used.
 */
final class TensorValues {
  private static final int NO_FIELD = 0;
  private static final int STRING_FIELD = 8;
  private static final int MAX_VARINT_BYTES = 10;
  private static final int PIECE_BYTES = 1 << 16;

  private TensorValues() {}

  private static int field(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> 5;
      case FLOAT64 -> 6;
      case INT32, INT16, INT8, UINT16, UINT8 -> 7;
      case COMPLEX64 -> 9;
      case INT64 -> 10;
      case BOOL -> 11;
      case COMPLEX128 -> 12;
      case FLOAT16, BFLOAT16 -> 13;
      case UINT32 -> 16;
      case UINT64 -> 17;
      default -> NO_FIELD;
    };
  }

  private static boolean inPlace(DType dtype) {
    return switch (dtype) {
      case FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> true;
      default -> false;
    };
  }

  /**
   * The elements as an array.
   *
   * @param owner the file that they come from
   * @param what what messages call them
   */
  static WeightArray array(Cursor in, DType dtype, Shape shape, MappedFile owner, String what) {
    if (field(dtype) == NO_FIELD) {
      throw in.error(what + ": a V1 checkpoint has no " + dtype);
    }
    long count = shape.elementCount();
    Cursor run = null;
    Proto proto = new Proto(in, what);
    while (proto.next()) {
      if (proto.field() == field(dtype)) {
        run = proto.single();
      } else {
        proto.skip();
      }
    }
    long length = run == null ? 0 : run.remaining();
    boolean fits =
        inPlace(dtype)
            ? length % dtype.byteSize() == 0 && length / dtype.byteSize() == count
            : length >= count && length / MAX_VARINT_BYTES <= count;
    if (!fits) {
      throw in.error(what + ": " + length + " bytes of elements do not fit " + dtype + " " + shape);
    }
    if (count == 0) {
      return WeightArrays.of(dtype, shape, ByteBuffer.allocateDirect(0));
    }
    if (inPlace(dtype)) {
      return new StoredArray(run.bytes(), run.position(), dtype, shape, false, false);
    }
    Bytes bytes = run.bytes();
    long start = run.position();
    String source = in.source() + ": " + what;
    SpilledBytes decoded =
        new SpilledBytes(
            owner,
            source,
            count * dtype.byteSize(),
            sink -> decode(new Cursor(bytes, source, start, start + length), dtype, sink));
    return new StoredArray(decoded, 0, dtype, shape, false, false);
  }

  private static void decode(Cursor in, DType dtype, SpilledBytes.Sink sink) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (!in.atEnd()) {
      long value = in.varint();
      if (!isValue(value, dtype)) {
        throw in.error("expected a value of " + dtype + ", found " + value);
      }
      switch (dtype.byteSize()) {
        case 1 -> piece.put((byte) value);
        case 2 -> piece.putShort((short) value);
        case 4 -> piece.putInt((int) value);
        default -> piece.putLong(value);
      }
      if (!piece.hasRemaining()) {
        sink.put(piece.flip());
        piece.clear();
      }
    }
    sink.put(piece.flip());
  }

  private static boolean isValue(long value, DType dtype) {
    return switch (dtype) {
      case BOOL -> value == 0 || value == 1;
      case INT8 -> value == (byte) value;
      case INT16 -> value == (short) value;
      case INT32 -> value == (int) value;
      case UINT8 -> value >= 0 && value <= 0xff;
      case UINT16, FLOAT16, BFLOAT16 -> value >= 0 && value <= 0xffff;
      case UINT32 -> value >= 0 && value <= 0xffffffffL;
      default -> true;
    };
  }

  /** The strings in a form for people. */
  static String strings(Cursor in, Shape shape, String what) {
    List<Cursor> first = new ArrayList<>();
    long found = 0;
    Proto proto = new Proto(in, what);
    while (proto.next()) {
      if (proto.field() != STRING_FIELD) {
        proto.skip();
        continue;
      }
      Cursor text = proto.repeated();
      if (found++ < Strings.SHOWN) {
        first.add(text);
      }
    }
    if (found != shape.elementCount()) {
      throw in.error(what + ": " + found + " strings, expected " + shape.elementCount());
    }
    return Strings.of(first, shape.rank() == 0, found);
  }
}
