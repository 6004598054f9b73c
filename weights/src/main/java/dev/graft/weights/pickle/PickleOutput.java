package dev.graft.weights.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a pickle of protocol 2 into memory, opcode by opcode. For one thread. */
public final class PickleOutput {
  private static final int PROTOCOL = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins a pickle. */
  public PickleOutput() {
    op(Opcode.PROTO);
    out.write(PROTOCOL);
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

  /** Ends the pickle; all its bytes. */
  public byte[] finish() {
    op(Opcode.STOP);
    return out.toByteArray();
  }

  private void op(Opcode opcode) {
    out.write(opcode.code());
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
