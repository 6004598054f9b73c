package dev.graft.weights.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files made of a header's text and as many bytes as are wanted, counting up from 0. */
final class SafetensorsFiles {
  private SafetensorsFiles() {}

  static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + text.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(text.length)
            .put(text);
    for (int i = 0; i < dataBytes; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  /** A header's entry for bytes. */
  static String bytes(String name, int begin, int end) {
    return String.format(
        "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}",
        name, end - begin, begin, end);
  }
}
