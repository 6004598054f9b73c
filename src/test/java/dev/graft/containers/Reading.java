package dev.graft.containers;

import dev.graft.weights.OtherEntry;
import dev.graft.weights.WeightArray;
import dev.graft.weights.WeightArray.FileRegion;
import dev.graft.weights.WeightStore;
import dev.graft.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads a container whose content nobody knows, the way that finds what is wrong with a reader. */
public final class Reading {
  /** Bytes read at either end of each array. */
  private static final int PIECE = 4096;

  /** No message needs more, whatever the file put into it. */
  private static final int MAX_MESSAGE = 4000;

  private Reading() {}

  /**
   * Opens a container and touches everything in it.
   *
   * @return the message where it is refused; empty where it is read
   * @throws AssertionError for an answer that contradicts itself, or a message not fit for a
   *     terminal
   */
  public static Optional<String> refusal(Path path) {
    try (WeightStore store = WeightStore.open(path)) {
      touch(store);
      return Optional.empty();
    } catch (WeightsException e) {
      String message = e.getMessage();
      check(message.length() < MAX_MESSAGE, "a message of this length", message.length());
      // Of a container of several files it can be another one that is broken.
      String folder = path.toAbsolutePath().getParent().toString();
      check(message.contains(folder), "a message that names no file", message);
      check(
          message.chars().noneMatch(Reading::isUnprintable),
          "a message with control characters",
          message);
      return Optional.of(message);
    }
  }

  private static boolean isUnprintable(int c) {
    return Character.isISOControl(c) && c != '\n';
  }

  /** Reads from every array and checks that its answers agree. */
  static void touch(WeightStore store) {
    check(!store.source().isEmpty(), "a store without a source", store);
    for (OtherEntry other : store.others()) {
      check(
          other.name() != null && other.type() != null && other.value() != null,
          "an entry without a part",
          other);
    }
    for (String name : store.names()) {
      check(store.contains(name), "a name that is not contained", name);
      touch(store.get(name));
    }
  }

  private static void touch(WeightArray array) {
    long size = array.byteSize();
    long expected = array.shape().elementCount() * array.dtype().byteSize();
    check(size == expected, "an array of other bytes than its shape has", size);
    byte[] head = read(array, 0, (int) Math.min(PIECE, size));
    int tail = (int) Math.min(PIECE, size);
    read(array, size - tail, tail);
    Optional<ByteBuffer> view = array.view();
    if (view.isPresent()) {
      check(view.get().limit() == size, "a view of this length", view.get().limit());
      byte[] seen = new byte[head.length];
      view.get().get(0, seen);
      check(Arrays.equals(seen, head), "other bytes in the view than in the array", array);
    }
    array.region().ifPresent(region -> check(region, size));
  }

  private static byte[] read(WeightArray array, long offset, int count) {
    byte[] bytes = new byte[count];
    array.read(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static void check(FileRegion region, long size) {
    check(region.length() == size, "a region of this length", region.length());
    try {
      long last = Files.size(region.file()) - size;
      check(
          region.offset() >= 0 && region.offset() <= last,
          "a region beyond the file's end",
          region);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plain, for it runs a million times under a fuzzer that instruments what it calls. */
  private static void check(boolean condition, String problem, Object found) {
    if (!condition) {
      throw new AssertionError(problem + ": " + found);
    }
  }
}
