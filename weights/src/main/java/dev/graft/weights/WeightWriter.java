package dev.graft.weights;

import dev.graft.weights.npy.NpyWriter;
import dev.graft.weights.npz.NpzWriter;
import dev.graft.weights.pickle.DictionaryNpyWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * Writes weight containers: little-endian, in C order, the same bytes for the same weights. A file
 * is written under a temporary name beside its destination, brought to the disk and renamed, so
 * that there is the old file or the whole new one; after a failure the temporary file is removed.
 * Arrays are streamed: the heap needed does not grow with them.
 */
public final class WeightWriter {
  private WeightWriter() {}

  /**
   * Writes all arrays in the container that the destination's extension names: {@code .npz}, its
   * entries stored, or {@code .npy}, a pickled dictionary for {@code numpy.load(path,
   * allow_pickle=True).item()}, where names such as {@code conv1_1[0]} and {@code conv1_1[1]} make
   * a list under {@code conv1_1}.
   *
   * @throws WeightsException for another extension, a dtype that numpy does not have, or names that
   *     the container cannot hold
   * @throws java.io.UncheckedIOException where the file cannot be written
   */
  public static void write(Path destination, WeightStore store) {
    write(destination, store, bytes -> {});
  }

  /**
   * Writes all arrays, as {@link #write(Path, WeightStore)} does.
   *
   * @param progress told now and then how many bytes of arrays have been written so far, of {@link
   *     #totalBytes}
   */
  public static void write(Path destination, WeightStore store, LongConsumer progress) {
    requireFileName(destination);
    String name = destination.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npz")) {
      NpzWriter.write(destination, store, progress);
    } else if (name.endsWith(".npy")) {
      DictionaryNpyWriter.write(destination, store, progress);
    } else {
      throw new WeightsException(
          destination
              + ": no container has this extension; .npy (dictionary) and .npz are written");
    }
  }

  /**
   * Writes one array as a plain .npy file, whatever the destination's extension.
   *
   * @param progress told now and then how many of its bytes have been written so far
   * @throws WeightsException for a dtype that numpy does not have
   * @throws java.io.UncheckedIOException where the file cannot be written
   */
  public static void writePlain(Path destination, WeightArray array, LongConsumer progress) {
    requireFileName(destination);
    NpyWriter.write(destination, array, progress);
  }

  /** Bytes of all arrays of a store. */
  public static long totalBytes(WeightStore store) {
    return store.names().stream().mapToLong(name -> store.get(name).byteSize()).sum();
  }

  private static void requireFileName(Path destination) {
    if (destination.getFileName() == null) {
      throw new WeightsException(destination + ": is no file name");
    }
  }
}
