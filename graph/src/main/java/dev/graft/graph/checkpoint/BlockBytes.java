package dev.graft.graph.checkpoint;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a block of a LevelDB table; see {@link Block}. */
final class BlockBytes {
  private final int restartInterval;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> restarts = new ArrayList<>(List.of(0));
  private byte[] lastKey = {};
  private int sinceRestart;

  /**
   * An empty block.
   *
   * @param restartInterval how many entries after a restart until the next
   */
  BlockBytes(int restartInterval) {
    this.restartInterval = restartInterval;
  }

  /** Appends an entry, whose key comes after all before it. */
  void add(byte[] key, byte[] value) {
    int shared = 0;
    if (sinceRestart == restartInterval) {
      restarts.add(out.size());
      sinceRestart = 0;
    } else {
      int mismatch = Arrays.mismatch(lastKey, key);
      shared = mismatch < 0 ? key.length : mismatch;
    }
    ProtoBytes.varint(out, shared);
    ProtoBytes.varint(out, key.length - shared);
    ProtoBytes.varint(out, value.length);
    out.write(key, shared, key.length - shared);
    out.writeBytes(value);
    lastKey = key;
    sinceRestart++;
  }

  boolean isEmpty() {
    return out.size() == 0;
  }

  /** Its size in bytes if it were finished now. */
  int size() {
    return out.size() + (restarts.size() + 1) * Integer.BYTES;
  }

  /** The whole block, which takes no more entries. */
  byte[] finish() {
    restarts.forEach(restart -> ProtoBytes.fixed32(out, restart));
    ProtoBytes.fixed32(out, restarts.size());
    return out.toByteArray();
  }
}
