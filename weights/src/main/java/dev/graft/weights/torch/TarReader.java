package dev.graft.weights.torch;

import dev.graft.weights.MalformedWeightsException;
import dev.graft.weights.io.MappedFile;
import dev.graft.weights.pickle.PyTuple;
import dev.graft.weights.pickle.Unpickler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads a member of a tar archive from its start to its end. For one thread. */
final class TarReader {
  private static final int MAX_OBJECTS = 100_000;

  private final MappedFile member;
  private long position;

  TarReader(MappedFile member) {
    this.member = member;
  }

  MappedFile member() {
    return member;
  }

  /** The offset of the next byte. */
  long position() {
    return position;
  }

  void skipTo(long newPosition) {
    position = newPosition;
  }

  /** The value of the pickle that is all of the member. */
  Object whole(PersistentIds ids) {
    return Unpickler.load(member, 0, TorchConstructors.with(ids));
  }

  /** The value of the next pickle. */
  Object next() {
    Unpickler.Loaded loaded =
        Unpickler.loadNext(member, position, TorchConstructors.with(PersistentIds::none));
    position = loaded.end();
    return loaded.value();
  }

  /** The next pickle, a number of objects. */
  long count() {
    if (!(next() instanceof Long count) || count < 0 || count > MAX_OBJECTS) {
      throw error("the first pickle is no number of 0 to " + MAX_OBJECTS);
    }
    return count;
  }

  /** The items of the next pickle, a tuple. */
  List<Object> tuple(int size) {
    if (!(next() instanceof PyTuple tuple) || tuple.size() != size) {
      throw error("expected a tuple of " + size);
    }
    return tuple.items();
  }

  ByteBuffer bytes(int count) {
    if (count > member.length() - position) {
      throw error("truncated: ends at byte " + member.length() + ", inside a tensor");
    }
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    member.read(position, bytes);
    position += count;
    return bytes.flip();
  }

  long[] longs(int count) {
    long[] longs = new long[count];
    bytes(count * Long.BYTES).asLongBuffer().get(longs);
    return longs;
  }

  /** Checks that the member ends here. */
  void end() {
    if (position != member.length()) {
      throw error((member.length() - position) + " trailing bytes");
    }
  }

  MalformedWeightsException error(String problem) {
    return new MalformedWeightsException(
        member.source() + ": " + problem + ", before byte " + position);
  }
}
