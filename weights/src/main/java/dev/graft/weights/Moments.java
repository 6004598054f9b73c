package dev.graft.weights;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Range, mean and spread of elements in one pass: each piece gives its own mean and sum of squares
 * about it, and the pieces are joined (Chan, Golub and LeVeque), so that little is lost however
 * large the array or its mean.
 */
final class Moments implements Consumer<ByteBuffer> {
  private final boolean complex;
  private final ElementValues elements;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double mean;
  private double squares;
  private long finite;
  private long nonFinite;
  private long zeros;

  Moments(WeightArray array) {
    this.complex = array.dtype() == DType.COMPLEX64 || array.dtype() == DType.COMPLEX128;
    this.elements = new ElementValues(array);
  }

  @Override
  public void accept(ByteBuffer piece) {
    int count = elements.read(piece);
    if (complex) {
      countComplex(elements.values(), count);
    } else {
      double sum = sum(elements.values(), count);
      int kept = count;
      // A sum that is finite has no other terms.
      if (!Double.isFinite(sum)) {
        kept = keepFinite(elements.values(), count);
        nonFinite += count - kept;
        sum = sum(elements.values(), kept);
      }
      if (kept > 0) {
        add(elements.values(), kept, sum);
      }
    }
  }

  /** What was found, without a hash. */
  ArrayStatistics statistics() {
    return finite == 0
        ? new ArrayStatistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, nonFinite, zeros, "")
        : new ArrayStatistics(min, max, mean, Math.sqrt(squares / finite), nonFinite, zeros, "");
  }

  private void countComplex(double[] values, int count) {
    for (int i = 0; i < count; i += 2) {
      if (!Double.isFinite(values[i]) || !Double.isFinite(values[i + 1])) {
        nonFinite++;
      } else if (values[i] == 0 && values[i + 1] == 0) {
        zeros++;
      }
    }
  }

  /** Moves the finite values to the front. */
  private static int keepFinite(double[] values, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      double value = values[i];
      if (Math.abs(value) <= Double.MAX_VALUE) {
        values[kept++] = value;
      }
    }
    return kept;
  }

  /** All values are finite. */
  private void add(double[] values, int count, double sum) {
    double pieceMean = sum / count;
    double pieceSquares = scan(values, count, pieceMean);
    long all = finite + count;
    double delta = pieceMean - mean;
    mean += delta * count / all;
    squares += pieceSquares + delta * delta * finite / all * count;
    finite = all;
  }

  private static double sum(double[] values, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < count; i++) {
      a += values[i];
    }
    return (a + b) + (c + d);
  }

  /** Takes range and zeros in; gives the sum of squares about a centre. */
  private double scan(double[] values, int count, double centre) {
    double low = min;
    double high = max;
    double even = 0;
    double odd = 0;
    int zero = 0;
    int pairs = count & ~1;
    for (int i = 0; i < pairs; i += 2) {
      double x = values[i];
      double y = values[i + 1];
      if (x < low) {
        low = x;
      }
      if (x > high) {
        high = x;
      }
      if (y < low) {
        low = y;
      }
      if (y > high) {
        high = y;
      }
      if (x == 0) {
        zero++;
      }
      if (y == 0) {
        zero++;
      }
      even += (x - centre) * (x - centre);
      odd += (y - centre) * (y - centre);
    }
    if (pairs < count) {
      double x = values[pairs];
      low = Math.min(low, x);
      high = Math.max(high, x);
      zero += x == 0 ? 1 : 0;
      even += (x - centre) * (x - centre);
    }
    // -0.0 and 0.0 compare equal: the one that came first must not decide what is shown.
    min = low + 0.0;
    max = high + 0.0;
    zeros += zero;
    return even + odd;
  }
}
