package dev.graft.weights.npy;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.Shape;
import dev.graft.weights.WeightArray;
import dev.graft.weights.io.Bytes;
import dev.graft.weights.io.Printable;
import dev.graft.weights.io.StoredArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The header of an .npy file: magic, version 1.0, 2.0 or 3.0, and a Python dictionary of exactly
 * {@code descr}, {@code fortran_order} and {@code shape}.
 *
 * @param source what messages call the file
 * @param descr the dtype as the header spells it
 * @param dataStart where the elements begin, counted as the header's own start was
 */
public record NpyHeader(String source, String descr, boolean fortran, Shape shape, long dataStart) {
  /** What an .npy file begins with. */
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int SHORT_PRELUDE = MAGIC.length + 2 + 2;
  private static final int LONG_PRELUDE = MAGIC.length + 2 + 4;

  /** No header of a numeric array comes near it; numpy itself stops at 10,000. */
  private static final int MAX_HEADER = 0xffff;

  /** Most bytes before the elements that {@link #read} accepts. */
  public static final int MAX_LENGTH = LONG_PRELUDE + MAX_HEADER;

  /** Whether a file's first bytes are those of an .npy. */
  public static boolean hasMagic(ByteBuffer head) {
    return head.limit() >= MAGIC.length
        && head.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  /**
   * Reads and checks a header.
   *
   * @param bytes the bytes, of which at least the first {@link #MAX_LENGTH} from start to end exist
   * @param start where the header begins
   * @param end where the file or entry that it heads ends
   * @param source what messages call that file or entry
   */
  public static NpyHeader read(Bytes bytes, long start, long end, String source) {
    long available = end - start;
    if (available < SHORT_PRELUDE) {
      throw truncated(source, available, "header's first " + SHORT_PRELUDE + " bytes");
    }
    ByteBuffer prelude = bytes(bytes, start, (int) Math.min(LONG_PRELUDE, available));
    if (!hasMagic(prelude)) {
      throw new MalformedWeightsException(source + ": does not begin with .npy's magic bytes");
    }
    int major = prelude.get(6) & 0xff;
    int minor = prelude.get(7) & 0xff;
    if (major < 1 || major > 3 || minor != 0) {
      throw new MalformedWeightsException(
          source + ": npy format " + major + "." + minor + ", expected 1.0, 2.0 or 3.0");
    }
    int preludeLength = major == 1 ? SHORT_PRELUDE : LONG_PRELUDE;
    if (available < preludeLength) {
      throw truncated(source, available, "header's first " + preludeLength + " bytes");
    }
    long length = major == 1 ? prelude.getShort(8) & 0xffff : prelude.getInt(8) & 0xffffffffL;
    if (length > available - preludeLength) {
      throw truncated(
          source, available, "header, which reaches to byte " + (preludeLength + length));
    }
    if (length > MAX_HEADER) {
      throw new MalformedWeightsException(
          source + ": header of " + length + " bytes, expected at most " + MAX_HEADER);
    }
    ByteBuffer text = bytes(bytes, start + preludeLength, (int) length);
    String literal =
        decode(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1, source);
    return NpyHeaderParser.parse(literal, source, start + preludeLength + length);
  }

  /** Whether the elements are pickled Python objects. */
  public boolean holdsObjects() {
    return descr.equals("|O") || descr.equals("O");
  }

  /**
   * The array, whose elements must reach exactly to the end.
   *
   * @param bytes where its elements lie
   * @param end where they end, counted as the header's start was
   */
  public WeightArray array(Bytes bytes, long start, long end) {
    NumpyType type = numericType();
    checkReaches(type, start, end);
    return new StoredArray(bytes, dataStart, type.dtype(), shape, type.bigEndian(), fortran);
  }

  /**
   * Where the elements end: before another .npy that follows them in the same file, as {@code
   * numpy.save} leaves it when called several times with one handle; else at the end.
   *
   * @param end where the file ends, counted as the header's start was
   */
  long endBeforeNext(Bytes bytes, long end) {
    long size;
    try {
      size = byteSize(numericType());
    } catch (ArithmeticException e) {
      return end;
    }
    if (size > end - dataStart - MAGIC.length) {
      return end;
    }
    long next = dataStart + size;
    return hasMagic(bytes(bytes, next, MAGIC.length)) ? next : end;
  }

  private long byteSize(NumpyType type) {
    return Math.multiplyExact(shape.elementCount(), (long) type.dtype().byteSize());
  }

  private NumpyType numericType() {
    return NumpyType.ofDescr(descr)
        .orElseThrow(
            () ->
                new MalformedWeightsException(
                    source
                        + ": dtype "
                        + Printable.of(descr)
                        + " is not one of the numeric dtypes that are read: b1 i1 i2 i4 i8 u1 u2 u4"
                        + " u8 f2 f4 f8 c8 c16"));
  }

  private void checkReaches(NumpyType type, long start, long end) {
    long size;
    try {
      size = byteSize(type);
    } catch (ArithmeticException e) {
      throw new MalformedWeightsException(
          source + ": shape " + shape + " has more bytes than any file can");
    }
    long available = end - dataStart;
    long headerLength = dataStart - start;
    if (available < size) {
      throw new MalformedWeightsException(
          String.format(
              "%s: truncated: ends at byte %d, but the %d bytes of its %s %s elements reach to byte"
                  + " %s",
              source,
              end - start,
              size,
              type.dtype(),
              shape,
              Long.toUnsignedString(headerLength + size)));
    }
    if (available > size) {
      throw new MalformedWeightsException(
          String.format(
              "%s: %d trailing bytes: its %s %s elements end at byte %d, the file at byte %d",
              source, available - size, type.dtype(), shape, headerLength + size, end - start));
    }
  }

  private static MalformedWeightsException truncated(String source, long end, String inside) {
    return new MalformedWeightsException(
        source + ": truncated: ends at byte " + end + ", inside the " + inside);
  }

  private static ByteBuffer bytes(Bytes bytes, long offset, int count) {
    ByteBuffer copy = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.read(offset, copy);
    return copy.flip();
  }

  private static String decode(ByteBuffer text, Charset charset, String source) {
    try {
      return charset.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedWeightsException(source + ": the header is not " + charset + " text");
    }
  }
}
