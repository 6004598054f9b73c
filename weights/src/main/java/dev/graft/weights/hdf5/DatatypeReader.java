package dev.graft.weights.hdf5;

import dev.graft.weights.DType;
import dev.graft.weights.hdf5.Datatype.Kind;
import java.nio.charset.StandardCharsets;

/** Reads datatype messages. Parts of a type are read one level deep: numbers have no more. */
final class DatatypeReader {
  private static final int VERSION_3 = 3;
  private static final String[] CLASSES = {
    "integer",
    "float",
    "time",
    "string",
    "bit field",
    "opaque",
    "compound",
    "reference",
    "enumeration",
    "variable-length sequence",
    "array",
    "complex"
  };

  private DatatypeReader() {}

  static Datatype read(Cursor cursor) {
    return read(cursor, true);
  }

  private static Datatype read(Cursor cursor, boolean outer) {
    int first = cursor.u8();
    int kind = first & 15;
    int version = first >> 4;
    int flags = (int) cursor.uint(3);
    long size = cursor.u32();
    if (version < 1 || version > 5 || kind >= CLASSES.length) {
      throw cursor.malformed("datatype of class " + kind + ", version " + version);
    }
    if (size == 0) {
      throw cursor.malformed("datatype \"" + CLASSES[kind] + "\" of 0 bytes");
    }
    Datatype unknown = Datatype.other(size, CLASSES[kind] + " of " + size + " bytes");
    return switch (kind) {
      case 0 -> integer(cursor, flags, size, unknown);
      case 1 -> floating(cursor, flags, size, unknown);
      case 3 -> string(flags & 15, size, "string");
      case 5 -> new Datatype(Kind.OPAQUE, size, null, false, unknown.label());
      case 6 -> outer ? compound(cursor, flags, size, version, unknown) : unknown;
      case 8 -> outer ? enumeration(cursor, flags, version, unknown) : unknown;
      case 9 ->
          (flags & 15) == 1 ? new Datatype(Kind.HEAP_STRING, size, null, false, "string") : unknown;
      default -> unknown;
    };
  }

  private static Datatype string(int padding, long size, String label) {
    Kind kind = padding == 2 ? Kind.SPACE_PADDED_STRING : Kind.STRING;
    return new Datatype(kind, size, null, false, label);
  }

  private static Datatype integer(Cursor cursor, int flags, long size, Datatype unknown) {
    int bitOffset = cursor.u16();
    int precision = cursor.u16();
    boolean signed = (flags & 8) != 0;
    DType dtype =
        switch ((int) Math.min(size, 16)) {
          case 1 -> signed ? DType.INT8 : DType.UINT8;
          case 2 -> signed ? DType.INT16 : DType.UINT16;
          case 4 -> signed ? DType.INT32 : DType.UINT32;
          case 8 -> signed ? DType.INT64 : DType.UINT64;
          default -> null;
        };
    if (dtype == null || bitOffset != 0 || precision != 8 * size) {
      return unknown;
    }
    return Datatype.number(dtype, (flags & 1) != 0);
  }

  /** The bits of a float: where its parts lie, after the bit offset and the precision. */
  private record FloatLayout(int sign, int exponentAt, int exponent, int mantissa, long bias) {}

  private static Datatype floating(Cursor cursor, int flags, long size, Datatype unknown) {
    int bitOffset = cursor.u16();
    int precision = cursor.u16();
    int exponentAt = cursor.u8();
    int exponentSize = cursor.u8();
    int mantissaAt = cursor.u8();
    int mantissaSize = cursor.u8();
    long bias = cursor.u32();
    FloatLayout layout =
        new FloatLayout((flags >> 8) & 0xff, exponentAt, exponentSize, mantissaSize, bias);
    // Bit 6 with bit 0 would be VAX order; bits 4 and 5 say that the mantissa's first 1 is implied.
    boolean plain = (flags & 0x40) == 0 && ((flags >> 4) & 3) == 2;
    DType dtype = null;
    if (plain && bitOffset == 0 && mantissaAt == 0 && precision == 8 * size) {
      dtype = floatType(layout, size);
    }
    return dtype == null ? unknown : Datatype.number(dtype, (flags & 1) != 0);
  }

  private static DType floatType(FloatLayout layout, long size) {
    if (size == 2 && layout.equals(new FloatLayout(15, 10, 5, 10, 15))) {
      return DType.FLOAT16;
    }
    if (size == 2 && layout.equals(new FloatLayout(15, 7, 8, 7, 127))) {
      return DType.BFLOAT16;
    }
    if (size == 4 && layout.equals(new FloatLayout(31, 23, 8, 23, 127))) {
      return DType.FLOAT32;
    }
    if (size == 8 && layout.equals(new FloatLayout(63, 52, 11, 52, 1023))) {
      return DType.FLOAT64;
    }
    return null;
  }

  /** h5py's bool: an enumeration of FALSE = 0 and TRUE = 1 in an int8. */
  private static Datatype enumeration(Cursor cursor, int flags, int version, Datatype unknown) {
    Datatype base = read(cursor, false);
    if ((flags & 0xffff) != 2 || base.dtype() != DType.INT8) {
      return unknown;
    }
    String first = memberName(cursor, version);
    String second = memberName(cursor, version);
    byte[] values = cursor.bytes(2);
    boolean bool =
        first.equals("FALSE") && second.equals("TRUE") && values[0] == 0 && values[1] == 1;
    return bool ? Datatype.number(DType.BOOL, false) : unknown;
  }

  /** h5py's complex numbers: a compound of two equal floats, r and i. */
  private static Datatype compound(
      Cursor cursor, int flags, long size, int version, Datatype unknown) {
    if ((flags & 0xffff) != 2 || (size != 8 && size != 16)) {
      return unknown;
    }
    DType[] parts = new DType[2];
    boolean bigEndian = false;
    for (int i = 0; i < 2; i++) {
      String name = memberName(cursor, version);
      long offset = cursor.uint(version < VERSION_3 ? 4 : 1);
      if (version == 1) {
        int dimensions = cursor.u8();
        cursor.skip(27);
        if (dimensions != 0) {
          return unknown;
        }
      }
      Datatype part = read(cursor, false);
      if (!name.equals(i == 0 ? "r" : "i") || offset != i * size / 2 || part.size() != size / 2) {
        return unknown;
      }
      if (i == 1 && part.bigEndian() != bigEndian) {
        return unknown;
      }
      bigEndian = part.bigEndian();
      parts[i] = part.dtype();
    }
    if (parts[0] == DType.FLOAT32 && parts[1] == DType.FLOAT32) {
      return Datatype.number(DType.COMPLEX64, bigEndian);
    }
    if (parts[0] == DType.FLOAT64 && parts[1] == DType.FLOAT64) {
      return Datatype.number(DType.COMPLEX128, bigEndian);
    }
    return unknown;
  }

  private static String memberName(Cursor cursor, int version) {
    int start = cursor.position();
    byte[] name = cursor.untilZero();
    if (version < VERSION_3) {
      cursor.align8(start);
    }
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
