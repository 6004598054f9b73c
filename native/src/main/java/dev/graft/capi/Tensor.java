package dev.graft.capi;

import java.nio.ByteBuffer;

/**
 * A {@code TF_Tensor}: elements outside the Java heap, C order, native byte order. Reading and
 * filling the elements of one tensor from several threads is up to the caller; closing is safe.
 */
public final class Tensor implements AutoCloseable {
  Tensor() {}

  /** A tensor of zeros (not for strings). */
  public static Tensor allocate(DataType type, long... shape) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(float value) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(double value) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(int value) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(long value) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(boolean value) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(String value) {
    throw new UnsupportedOperationException();
  }

  /** Copies an array; without dimensions the shape is [values.length]. */
  public static Tensor of(float[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(double[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(int[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(long[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  /** Copies bytes as uint8. */
  public static Tensor of(byte[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  public static Tensor of(boolean[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  /** UTF-8 strings. */
  public static Tensor of(String[] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  /** Byte strings. */
  public static Tensor of(byte[][] values, long... shape) {
    throw new UnsupportedOperationException();
  }

  /**
   * A tensor over a direct buffer's memory between position and limit: without a copy where the
   * address is a multiple of 64 bytes, else copied. The buffer stays reachable until TensorFlow
   * gives the memory back.
   */
  public static Tensor wrap(DataType type, ByteBuffer direct, long... shape) {
    throw new UnsupportedOperationException();
  }

  public DataType dataType() {
    throw new UnsupportedOperationException();
  }

  /** A copy of the shape. */
  public long[] shape() {
    throw new UnsupportedOperationException();
  }

  public int rank() {
    throw new UnsupportedOperationException();
  }

  /** One dimension, without an allocation. */
  public long dim(int axis) {
    throw new UnsupportedOperationException();
  }

  public long elementCount() {
    throw new UnsupportedOperationException();
  }

  public long byteSize() {
    throw new UnsupportedOperationException();
  }

  /** The address of the first element. */
  public long address() {
    throw new UnsupportedOperationException();
  }

  /**
   * The elements' bytes in place, native byte order. Valid until close.
   *
   * @throws IllegalStateException above 2 GiB; use {@link #bytes(long, int)}
   */
  public ByteBuffer bytes() {
    throw new UnsupportedOperationException();
  }

  /** A part of the elements' bytes in place. */
  public ByteBuffer bytes(long offset, int length) {
    throw new UnsupportedOperationException();
  }

  /** Copies elements [from, from + length) to an array without any allocation. */
  public void read(long from, float[] dst, int dstFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public void read(long from, int[] dst, int dstFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public void read(long from, long[] dst, int dstFrom, int length) {
    throw new UnsupportedOperationException();
  }

  /** Copies bytes (of one-byte types) to an array without any allocation. */
  public void read(long from, byte[] dst, int dstFrom, int length) {
    throw new UnsupportedOperationException();
  }

  /** Copies array elements into the tensor without any allocation. */
  public void write(long to, float[] src, int srcFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public void write(long to, int[] src, int srcFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public void write(long to, long[] src, int srcFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public void write(long to, byte[] src, int srcFrom, int length) {
    throw new UnsupportedOperationException();
  }

  public float[] toFloats() {
    throw new UnsupportedOperationException();
  }

  public double[] toDoubles() {
    throw new UnsupportedOperationException();
  }

  public int[] toInts() {
    throw new UnsupportedOperationException();
  }

  public long[] toLongs() {
    throw new UnsupportedOperationException();
  }

  public byte[] toBytes() {
    throw new UnsupportedOperationException();
  }

  public boolean[] toBooleans() {
    throw new UnsupportedOperationException();
  }

  public byte[][] toByteStrings() {
    throw new UnsupportedOperationException();
  }

  public String[] toStrings() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
