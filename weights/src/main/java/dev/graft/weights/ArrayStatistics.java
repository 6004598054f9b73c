package dev.graft.weights;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * What the elements of an array are like. Range, mean and standard deviation are those of the
 * finite elements, in float64; they are NaN where there is none, and for complex numbers.
 *
 * @param min the smallest
 * @param max the largest
 * @param mean their mean
 * @param std their standard deviation, of the whole population: divided by their number
 * @param nonFinite how many elements are infinite or not a number
 * @param zeros how many are 0 or -0
 * @param sha256 of the elements' bytes (C order, little-endian), in hexadecimal
 */
public record ArrayStatistics(
    double min, double max, double mean, double std, long nonFinite, long zeros, String sha256) {
  /** Reads an array once. */
  public static ArrayStatistics of(WeightArray array) {
    return of(List.of(array), bytes -> {}).get(0);
  }

  /**
   * Reads several arrays, on all of the machine's processors; where bytes lie in memory, values and
   * hash of an array at the same time.
   *
   * @param progress told, from any thread, how many bytes of arrays have been worked through
   * @return in the order of the arrays
   */
  public static List<ArrayStatistics> of(List<WeightArray> arrays, LongConsumer progress) {
    AtomicLong halves = new AtomicLong();
    Consumer<ByteBuffer> half = piece -> progress.accept(halves.addAndGet(piece.remaining()) / 2);
    List<Work> all = arrays.stream().map(Work::new).toList();
    List<Work> largestFirst = new ArrayList<>(all);
    largestFirst.sort(Comparator.comparingLong((Work work) -> -work.array.byteSize()));
    // The streams' split gives the first half to one processor, the second to another.
    List<Runnable> tasks = new ArrayList<>();
    largestFirst.forEach(work -> tasks.add(() -> work.hash(half)));
    largestFirst.forEach(work -> tasks.add(() -> work.values(half)));
    IntStream.range(0, tasks.size()).parallel().forEach(task -> tasks.get(task).run());
    return all.stream().map(Work::result).toList();
  }

  private ArrayStatistics withHash(String hex) {
    return new ArrayStatistics(min, max, mean, std, nonFinite, zeros, hex);
  }

  /** One array; its two tasks may run at the same time. */
  private static final class Work {
    private final WeightArray array;
    private final boolean inPlace;
    private volatile String hash;
    private volatile ArrayStatistics values;

    Work(WeightArray array) {
      this.array = array;
      this.inPlace = array.view().isPresent();
    }

    void hash(Consumer<ByteBuffer> half) {
      ElementHash digest = new ElementHash();
      if (inPlace) {
        ArrayPieces.of(array).forEach(half.andThen(digest));
      } else {
        // What has to be converted or gathered is read but once.
        Moments moments = new Moments(array);
        ArrayPieces.of(array).forEach(half.andThen(digest).andThen(half).andThen(moments));
        values = moments.statistics();
      }
      hash = digest.hex();
    }

    void values(Consumer<ByteBuffer> half) {
      if (inPlace) {
        Moments moments = new Moments(array);
        ArrayPieces.of(array).forEach(half.andThen(moments));
        values = moments.statistics();
      }
    }

    ArrayStatistics result() {
      return values.withHash(hash);
    }
  }
}
