package dev.graft.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a pickle into memory, opcode by opcode. For one thread. */
public final class PickleOutput {
  private static final long MAX_32 = 0xffffffffL;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins a pickle. */
  public PickleOutput(int protocol) {
    op(Opcode.PROTO);
    out.write(protocol);
  }

  /** A mark for {@link #tuple()}. */
  public void mark() {
    op(Opcode.MARK);
  }

  /** The tuple of all values since the last mark. */
  public void tuple() {
    op(Opcode.TUPLE);
  }

  /** The tuple without items. */
  public void emptyTuple() {
    op(Opcode.EMPTY_TUPLE);
  }

  /** A function or class. */
  public void global(String module, String name) {
    op(Opcode.GLOBAL);
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Calls the function below the tuple of its arguments. */
  public void reduce() {
    op(Opcode.REDUCE);
  }

  /** The object that the id stands for. */
  public void persistent() {
    op(Opcode.BINPERSID);
  }

  /** Adds the entry of the two topmost values to the dictionary below. */
  public void setItem() {
    op(Opcode.SETITEM);
  }

  /** False. */
  public void falseValue() {
    op(Opcode.NEWFALSE);
  }

  /** An integer. */
  public void integer(long value) {
    if (value == (int) value) {
      op(Opcode.BININT);
      out.writeBytes(little(Integer.BYTES).putInt((int) value).array());
    } else {
      op(Opcode.LONG1);
      out.write(Long.BYTES);
      out.writeBytes(little(Long.BYTES).putLong(value).array());
    }
  }

  /** A text. */
  public void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op(Opcode.BINUNICODE);
    out.writeBytes(little(Integer.BYTES).putInt(utf8.length).array());
    out.writeBytes(utf8);
  }

  /** Ends the pickle; its bytes, without those that were taken before. */
  public byte[] finish() {
    op(Opcode.STOP);
    return take();
  }

  /** The bytes so far, which are then forgotten: others of any length may come in between. */
  byte[] take() {
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  /** The beginning of a byte string, whose bytes come from elsewhere. */
  void bytes(long length) {
    if (length > MAX_32) {
      op(Opcode.BINBYTES8);
      out.writeBytes(little(Long.BYTES).putLong(length).array());
    } else {
      op(Opcode.BINBYTES);
      out.writeBytes(little(Integer.BYTES).putInt((int) length).array());
    }
  }

  /** A byte string of one byte. */
  void oneByte(char value) {
    op(Opcode.SHORT_BINBYTES);
    out.write(1);
    out.write(value);
  }

  void op(Opcode opcode) {
    out.write(opcode.code());
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
