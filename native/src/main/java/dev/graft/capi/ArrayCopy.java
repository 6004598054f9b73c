package dev.graft.capi;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Copies between native memory and arrays without an allocation: each thread has one pointer of
 * every type, which it moves. The callers check the bounds.
 */
final class ArrayCopy {
  private static final ThreadLocal<ArrayCopy> OF_THREAD = ThreadLocal.withInitial(ArrayCopy::new);

  private final Bytes bytes = new Bytes();
  private final Ints ints = new Ints();
  private final Longs longs = new Longs();
  private final Floats floats = new Floats();
  private final Doubles doubles = new Doubles();

  private ArrayCopy() {}

  static void read(long address, byte[] dst, int from, int length) {
    OF_THREAD.get().bytes.at(address).get(dst, from, length);
  }

  static void read(long address, int[] dst, int from, int length) {
    OF_THREAD.get().ints.at(address).get(dst, from, length);
  }

  static void read(long address, long[] dst, int from, int length) {
    OF_THREAD.get().longs.at(address).get(dst, from, length);
  }

  static void read(long address, float[] dst, int from, int length) {
    OF_THREAD.get().floats.at(address).get(dst, from, length);
  }

  static void read(long address, double[] dst, int from, int length) {
    OF_THREAD.get().doubles.at(address).get(dst, from, length);
  }

  static void write(long address, byte[] src, int from, int length) {
    OF_THREAD.get().bytes.at(address).put(src, from, length);
  }

  static void write(long address, int[] src, int from, int length) {
    OF_THREAD.get().ints.at(address).put(src, from, length);
  }

  static void write(long address, long[] src, int from, int length) {
    OF_THREAD.get().longs.at(address).put(src, from, length);
  }

  static void write(long address, float[] src, int from, int length) {
    OF_THREAD.get().floats.at(address).put(src, from, length);
  }

  static void write(long address, double[] src, int from, int length) {
    OF_THREAD.get().doubles.at(address).put(src, from, length);
  }

  private static final class Bytes extends BytePointer {
    Bytes() {
      super((Pointer) null);
    }

    Bytes at(long newAddress) {
      address = newAddress;
      return this;
    }
  }

  private static final class Ints extends IntPointer {
    Ints() {
      super((Pointer) null);
    }

    Ints at(long newAddress) {
      address = newAddress;
      return this;
    }
  }

  private static final class Longs extends LongPointer {
    Longs() {
      super((Pointer) null);
    }

    Longs at(long newAddress) {
      address = newAddress;
      return this;
    }
  }

  private static final class Floats extends FloatPointer {
    Floats() {
      super((Pointer) null);
    }

    Floats at(long newAddress) {
      address = newAddress;
      return this;
    }
  }

  private static final class Doubles extends DoublePointer {
    Doubles() {
      super((Pointer) null);
    }

    Doubles at(long newAddress) {
      address = newAddress;
      return this;
    }
  }
}
