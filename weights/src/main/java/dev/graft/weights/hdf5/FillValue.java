package dev.graft.weights.hdf5;

import dev.graft.weights.hdf5.ObjectHeader.Message;
import java.util.Optional;

/** The element that stands where a dataset has not been written. */
final class FillValue {
  private static final int DEFINED_IN_VERSION_3 = 0x20;

  private FillValue() {}

  /** Its bytes as the file has them; zeros where none is given. */
  static byte[] read(ObjectHeader header, int elementSize) {
    byte[] value = new byte[0];
    Optional<Message> message = header.first(ObjectHeader.FILL_VALUE);
    if (message.isPresent() && !message.get().shared()) {
      value = value(message.get().body());
    } else {
      message = header.first(ObjectHeader.OLD_FILL_VALUE);
      if (message.isPresent() && !message.get().shared()) {
        Cursor body = message.get().body();
        value = body.bytes(body.u32());
      }
    }
    return value.length == elementSize ? value : new byte[elementSize];
  }

  private static byte[] value(Cursor body) {
    int version = body.version(1, 3);
    boolean defined;
    if (version == 3) {
      defined = (body.u8() & DEFINED_IN_VERSION_3) != 0;
    } else {
      body.skip(2);
      defined = body.u8() != 0 || version == 1;
    }
    return defined ? body.bytes(body.u32()) : new byte[0];
  }
}
