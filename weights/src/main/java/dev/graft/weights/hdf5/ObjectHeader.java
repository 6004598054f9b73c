package dev.graft.weights.hdf5;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The messages that describe a group or a dataset, of headers of version 1 and 2. */
record ObjectHeader(long address, List<Message> messages) {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int OLD_FILL_VALUE = 0x04;
  static final int FILL_VALUE = 0x05;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int FILTERS = 0x0b;
  static final int ATTRIBUTE = 0x0c;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;

  private static final Set<Integer> READ =
      Set.of(
          DATASPACE,
          LINK_INFO,
          DATATYPE,
          OLD_FILL_VALUE,
          FILL_VALUE,
          LINK,
          EXTERNAL_FILES,
          LAYOUT,
          FILTERS,
          ATTRIBUTE,
          SYMBOL_TABLE,
          ATTRIBUTE_INFO);

  private static final int CONTINUATION = 0x10;
  private static final int MAX_BLOCKS = 4096;
  private static final int SHARED = 2;
  private static final int TIMES = 0x20;
  private static final int PHASES = 0x10;
  private static final int CREATION_ORDER = 0x04;

  /**
   * One message.
   *
   * @param shared whether the body only says where the message is
   */
  record Message(int type, boolean shared, Cursor body) {}

  /** A run of messages. */
  private record Block(Cursor messages, int version, int prefix) {}

  /** The first message of a type. */
  Optional<Message> first(int type) {
    return messages.stream().filter(message -> message.type() == type).findFirst();
  }

  /** All messages of a type. */
  List<Message> all(int type) {
    return messages.stream().filter(message -> message.type() == type).toList();
  }

  /** The first message of a type, which has to be there and in place. */
  Cursor need(int type, String what, Metadata metadata) {
    Message message =
        first(type).orElseThrow(() -> metadata.malformed(address, "its header has no " + what));
    if (message.shared()) {
      throw metadata.malformed(
          address, "its " + what + " is shared (a committed one), which is not read");
    }
    return message.body();
  }

  static ObjectHeader read(Metadata metadata, long address) {
    List<Message> messages = new ArrayList<>();
    Deque<Block> blocks = new ArrayDeque<>();
    blocks.add(firstBlock(metadata, address));
    int blockCount = 0;
    int messageCount = 0;
    long size = 0;
    while (!blocks.isEmpty()) {
      Block block = blocks.remove();
      Cursor from = block.messages();
      blockCount++;
      size += from.remaining();
      if (blockCount > MAX_BLOCKS || size > Limits.HEADER_BYTES) {
        throw metadata.malformed(
            address, "its header goes on in " + blockCount + " places with " + size + " bytes");
      }
      while (from.remaining() >= block.prefix()) {
        Message message = message(from, block);
        messageCount++;
        if (messageCount > Limits.MESSAGES) {
          throw metadata.malformed(address, "more than " + Limits.MESSAGES + " header messages");
        }
        if (message.type() == CONTINUATION) {
          blocks.add(continuation(message.body(), block));
        } else if (READ.contains(message.type())) {
          messages.add(message);
        }
      }
    }
    return new ObjectHeader(address, messages);
  }

  private static Block firstBlock(Metadata metadata, long address) {
    Cursor prefix = metadata.blockUpTo(address, 16, "header");
    int version = prefix.u8();
    if (version == 1) {
      prefix.skip(7);
      long size = prefix.u32();
      Cursor messages = metadata.block(address + 16, size, "header");
      return new Block(messages, 1, 8);
    }
    if (version != 'O') {
      throw metadata.malformed(
          address, "begins with " + version + ", expected a header of version 1 or 2");
    }
    return firstBlockOfVersion2(metadata, address);
  }

  private static Block firstBlockOfVersion2(Metadata metadata, long address) {
    Cursor head = metadata.blockUpTo(address, 34, "header");
    head.begin("OHDR", 2);
    int flags = head.u8();
    head.skip((flags & TIMES) == 0 ? 0 : 16);
    head.skip((flags & PHASES) == 0 ? 0 : 4);
    int sizeBytes = 1 << (flags & 3);
    long size = head.uint(sizeBytes);
    int start = head.position();
    metadata.require(address, size, "header");
    Cursor whole = metadata.block(address, start + size + 4, "header");
    whole.skip(start);
    Cursor messages = whole.slice(size, "header");
    whole.checksum();
    return new Block(messages, 2, (flags & CREATION_ORDER) == 0 ? 4 : 6);
  }

  private static Block continuation(Cursor body, Block block) {
    long address = body.offset();
    long size = body.length();
    Cursor whole = body.metadata().block(address, size, "continued header");
    if (block.version() == 1) {
      return new Block(whole, 1, block.prefix());
    }
    whole.signature("OCHK");
    Cursor messages = whole.slice(whole.remaining() - 4L, "continued header");
    whole.checksum();
    return new Block(messages, 2, block.prefix());
  }

  private static Message message(Cursor from, Block block) {
    int type = block.version() == 1 ? from.u16() : from.u8();
    int size = from.u16();
    int flags = from.u8();
    from.skip(block.version() == 1 ? 3 : block.prefix() - 4);
    return new Message(type, (flags & SHARED) != 0, from.slice(size, "header message"));
  }
}
