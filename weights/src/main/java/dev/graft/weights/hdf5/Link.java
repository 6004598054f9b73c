package dev.graft.weights.hdf5;

import dev.graft.weights.UnsafeWeightsException;
import dev.graft.weights.io.Printable;

/**
 * A name in a group.
 *
 * @param address the header of the object; undefined for a soft link
 * @param target the path that a soft link stands for; null else
 * @param order when it was made, from 0; -1 where the group does not say
 */
record Link(String name, long address, String target, long order) {
  private static final int HARD = 0;
  private static final int SOFT = 1;
  private static final int EXTERNAL = 64;

  static Link hard(String name, long address) {
    return new Link(name, address, null, -1);
  }

  static Link soft(String name, String target) {
    return new Link(name, Metadata.UNDEFINED, target, -1);
  }

  /** Reads the body of a link message. */
  static Link read(Cursor body) {
    body.version(1, 1);
    int flags = body.u8();
    int type = (flags & 8) == 0 ? HARD : body.u8();
    long order = (flags & 4) == 0 ? -1 : body.uint(8);
    body.skip((flags & 16) == 0 ? 0 : 1);
    long length = body.uint(1 << (flags & 3));
    String name = name(body, body.bytes(length));
    if (type == HARD) {
      return new Link(name, body.offset(), null, order);
    }
    byte[] value = body.bytes(body.u16());
    if (type == SOFT) {
      String target = body.utf8(value);
      body.metadata().keep(target);
      return new Link(name, Metadata.UNDEFINED, target, order);
    }
    throw new UnsafeWeightsException(
        body.metadata().where()
            + "link "
            + Printable.of(name)
            + (type == EXTERNAL
                ? " is external: it wants another file opened"
                : " is of the user-defined type " + type));
  }

  /** Checks a name: what is not empty, no {@code .} and without a slash. */
  static String name(Cursor from, byte[] utf8) {
    String name = from.utf8(utf8);
    if (name.isEmpty()
        || name.equals(".")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0
        || utf8.length > Limits.PATH_BYTES) {
      throw from.malformed("link name " + Printable.of(name));
    }
    from.metadata().keep(name);
    return name;
  }
}
