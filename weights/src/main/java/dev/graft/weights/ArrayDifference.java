package dev.graft.weights;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * How the elements of two arrays of one shape differ. Elements of different types are compared as
 * float64, which holds all of them exactly but 64-bit integers beyond 2^53; of one type, integers
 * are equal where their bits are. A NaN equals a NaN, whatever its bits, and an infinity itself;
 * any other pair with one of them differs infinitely. Of complex numbers the parts are compared.
 *
 * @param bitEqual whether dtype and all bytes are the same
 * @param differing how many elements are not equal (0 and -0 are)
 * @param beyond how many of them differ by more than the tolerance
 * @param largest the largest absolute difference: 0 where all are equal, infinite where a number
 *     stands against NaN or infinity
 * @param at the index in C order of the first element that differs that much; -1 where all are
 *     equal
 */
public record ArrayDifference(
    boolean bitEqual, long differing, long beyond, double largest, long at) {
  private static final ArrayDifference NONE = new ArrayDifference(true, 0, 0, 0, -1);

  /**
   * Compares all elements. An element of {@code b} is near enough where the absolute difference is
   * at most {@code absolute + relative * |element of a|}.
   *
   * @param progress told now and then how many elements have been compared
   * @throws IllegalArgumentException where the shapes differ, or only one is complex
   */
  public static ArrayDifference between(
      WeightArray a, WeightArray b, double absolute, double relative, LongConsumer progress) {
    if (!a.shape().equals(b.shape())) {
      throw new IllegalArgumentException("shapes differ: " + a.shape() + ", " + b.shape());
    }
    if (!comparable(a.dtype(), b.dtype())) {
      throw new IllegalArgumentException("not to be compared: " + a.dtype() + " with " + b.dtype());
    }
    return new Comparison(a, b, absolute, relative).run(progress);
  }

  /** Whether elements of these types can be compared: both real, or both complex. */
  public static boolean comparable(DType a, DType b) {
    return isComplex(a) == isComplex(b);
  }

  private static boolean isComplex(DType dtype) {
    return dtype.componentSize() != dtype.byteSize();
  }

  /** The state of one comparison. */
  private static final class Comparison {
    private final WeightArray a;
    private final WeightArray b;
    private final double absolute;
    private final double relative;
    private final boolean sameType;
    private final boolean longs;
    private final int parts;
    private final ElementValues valuesOfA;
    private final ElementValues valuesOfB;
    private boolean bitEqual;
    private long differing;
    private long beyond;
    private double largest;
    private long at = -1;

    Comparison(WeightArray a, WeightArray b, double absolute, double relative) {
      this.a = a;
      this.b = b;
      this.absolute = absolute;
      this.relative = relative;
      this.sameType = a.dtype() == b.dtype();
      this.longs = sameType && (a.dtype() == DType.INT64 || a.dtype() == DType.UINT64);
      this.parts = isComplex(a.dtype()) ? 2 : 1;
      this.valuesOfA = new ElementValues(a);
      this.valuesOfB = new ElementValues(b);
      this.bitEqual = sameType;
    }

    ArrayDifference run(LongConsumer progress) {
      ArrayPieces piecesOfA = ArrayPieces.of(a);
      ArrayPieces piecesOfB = ArrayPieces.of(b);
      int sizeOfA = a.dtype().byteSize();
      int sizeOfB = b.dtype().byteSize();
      int piece = ArrayPieces.BYTES / Math.max(sizeOfA, sizeOfB);
      long count = a.shape().elementCount();
      for (long first = 0; first < count; first += piece) {
        int elements = (int) Math.min(piece, count - first);
        ByteBuffer ofA = piecesOfA.at(first * sizeOfA, elements * sizeOfA);
        ByteBuffer ofB = piecesOfB.at(first * sizeOfB, elements * sizeOfB);
        if (!sameType || ofA.mismatch(ofB) >= 0) {
          bitEqual = false;
          compare(first, ofA, ofB, elements);
        }
        progress.accept(first + elements);
      }
      return bitEqual ? NONE : new ArrayDifference(false, differing, beyond, largest, at);
    }

    private void compare(long first, ByteBuffer ofA, ByteBuffer ofB, int elements) {
      valuesOfA.read(ofA);
      valuesOfB.read(ofB);
      for (int i = 0; i < elements; i++) {
        double difference = 0;
        boolean equal = true;
        boolean near = true;
        for (int part = i * parts; part < (i + 1) * parts; part++) {
          double x = valuesOfA.values()[part];
          double y = valuesOfB.values()[part];
          double distance =
              longs ? distance(ofA.getLong(8 * i), ofB.getLong(8 * i)) : distance(x, y);
          if (distance != 0) {
            near &= Double.isFinite(distance) && distance <= absolute + relative * Math.abs(x);
            difference = Math.max(difference, distance);
            equal = false;
          }
        }
        if (!equal) {
          differing++;
          beyond += near ? 0 : 1;
          if (difference > largest) {
            largest = difference;
            at = first + i;
          }
        }
      }
    }

    private static double distance(double x, double y) {
      if (x == y || (Double.isNaN(x) && Double.isNaN(y))) {
        return 0;
      }
      double distance = Math.abs(x - y);
      return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }

    private double distance(long x, long y) {
      int order = a.dtype() == DType.INT64 ? Long.compare(x, y) : Long.compareUnsigned(x, y);
      // The difference of two 64-bit integers, larger minus smaller, fits 64 bits without a sign.
      long distance = order > 0 ? x - y : y - x;
      return distance >= 0 ? distance : 2.0 * ((distance >>> 1) | (distance & 1));
    }
  }
}
