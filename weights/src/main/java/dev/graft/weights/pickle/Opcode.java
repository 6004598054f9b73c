package dev.graft.weights.pickle;

import java.util.HashMap;
import java.util.Map;

/** The pickle opcodes, protocols 0 to 5; those that can do more than make data are marked. */
enum Opcode {
  MARK('('),
  STOP('.'),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),
  FLOAT('F'),
  INT('I'),
  BININT('J'),
  BININT1('K'),
  LONG('L'),
  BININT2('M'),
  NONE('N'),
  REDUCE('R'),
  STRING('S'),
  BINSTRING('T'),
  SHORT_BINSTRING('U'),
  UNICODE('V'),
  BINUNICODE('X'),
  APPEND('a'),
  BUILD('b'),
  GLOBAL('c'),
  DICT('d'),
  EMPTY_DICT('}'),
  APPENDS('e'),
  GET('g'),
  BINGET('h'),
  LONG_BINGET('j'),
  LIST('l'),
  EMPTY_LIST(']'),
  PUT('p'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  SETITEM('s'),
  TUPLE('t'),
  EMPTY_TUPLE(')'),
  SETITEMS('u'),
  BINFLOAT('G'),
  PROTO(0x80),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  LONG1(0x8a),
  LONG4(0x8b),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINBYTES8(0x8e),
  STACK_GLOBAL(0x93),
  MEMOIZE(0x94),
  FRAME(0x95),
  BYTEARRAY8(0x96),
  PERSID('P'),
  BINPERSID('Q'),
  NEWOBJ(0x81),

  INST('i', true),
  OBJ('o', true),
  NEWOBJ_EX(0x92, true),
  EXT1(0x82, true),
  EXT2(0x83, true),
  EXT4(0x84, true),
  NEXT_BUFFER(0x97, true),
  READONLY_BUFFER(0x98, true);

  private static final Map<Integer, Opcode> BY_CODE = new HashMap<>();

  static {
    for (Opcode opcode : values()) {
      BY_CODE.put(opcode.code, opcode);
    }
  }

  private final int code;
  private final boolean refused;

  Opcode(int code) {
    this(code, false);
  }

  Opcode(int code, boolean refused) {
    this.code = code;
    this.refused = refused;
  }

  /** The opcode of a byte; null where there is none. */
  static Opcode of(int code) {
    return BY_CODE.get(code);
  }

  /**
   * Whether it makes objects of classes, or takes them from elsewhere, and is never carried out,
   * whatever the container's constructors allow.
   */
  boolean refused() {
    return refused;
  }

  byte code() {
    return (byte) code;
  }
}
