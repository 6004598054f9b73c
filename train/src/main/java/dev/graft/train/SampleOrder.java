package dev.graft.train;

import java.util.SplittableRandom;

/**
 * Which image comes when: every epoch has all of them once, in an order that depends on the seed
 * and the epoch alone. Batches run on across the ends of epochs.
 *
 * @param count how many images
 * @param shuffle whether the order changes; else it is that of the list
 */
record SampleOrder(int count, boolean shuffle, long seed) {
  /** A stretch of the endless sequence: numbers of images, and the epoch of each. */
  static final class Stretch {
    final int[] samples;
    final long[] epochs;

    private Stretch(int length) {
      samples = new int[length];
      epochs = new long[length];
    }
  }

  /** The stretch from a position on. */
  Stretch stretch(long from, int length) {
    Stretch result = new Stretch(length);
    long epoch = -1;
    int[] order = null;
    for (int i = 0; i < length; i++) {
      long position = from + i;
      if (position / count != epoch) {
        epoch = position / count;
        order = order(epoch);
      }
      result.samples[i] = order[(int) (position % count)];
      result.epochs[i] = epoch;
    }
    return result;
  }

  private int[] order(long epoch) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    if (shuffle) {
      // Two generators apart for each epoch: SplittableRandom(seed + epoch) alone would make the
      // orders of (seed 1, epoch 2) and (seed 2, epoch 1) the same.
      SplittableRandom random =
          new SplittableRandom(
              new SplittableRandom(seed).nextLong() ^ (epoch * 0x9E3779B97F4A7C15L));
      for (int i = count - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[other];
        order[other] = swapped;
      }
    }
    return order;
  }
}
